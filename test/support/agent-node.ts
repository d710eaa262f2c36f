/**
 * The Node that runs the agent's one file in tests: the agent supports an older one than all else
 * (Raspberry Pi OS has 18.19), which `FLUXRELAY_AGENT_NODE` names by its path.
 */
export const agentNode = process.env['FLUXRELAY_AGENT_NODE'] ?? process.execPath
