/**
 * The WebSocket subprotocol both sides ask for (RFC 6455 §1.9). A change of any frame that an
 * older peer could not read needs a new number; test/protocol/fingerprint.test.ts insists.
 */
export const subprotocol = 'fluxrelay.v1'
