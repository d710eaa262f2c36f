/** Of the agent's software; a test holds it equal to package.json. */
export const agentVersion = '0.1.0'
