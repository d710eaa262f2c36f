const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/**
 * Every time-out, lease and interval of the system, in ms. One table, because they only work
 * together: a handler must give up before the pending entry it works on runs out, a post before
 * the handler, a lease must outlive two pings. test/protocol/time-outs.test.ts holds the order.
 */
export const timeOuts = {
  /** The agent gives one OctoPrint request so long. */
  octoPrintRequest: 5 * second,
  /** A Lambda is ended so long after its start; below `pendingSubscription` by design §6. */
  handler: 8 * second,
  /** One post to a connection, tried once. */
  post: 2 * second,
  /** One call of the store, retries included. */
  store: 3 * second,
  /** One HTTP request of the client (REST, tickets). */
  restRequest: 10 * second,
  /** A request frame without an answer is repeated after these, then the link is redialled. */
  requestRepeats: [3 * second, 6 * second, 12 * second],
  /** The handshake of a new connection. */
  dial: 10 * second,

  /** A viewer's subscription lives so long after its last ping. */
  lease: 10 * minute,
  /** A viewer pings so often; two fit into a lease. */
  ping: 4 * minute,
  /** A ping goes out after so much unexpected silence … */
  silenceBeforePing: 30 * second,
  /** … and the link is dead when no pong came for so long. */
  pong: 10 * second,
  /** A subscription that never got past `pending` lives so long. */
  pendingSubscription: 10 * second,
  /** The tombstone of an unsubscribe, which keeps late subscribes out. */
  tombstone: 60 * second,
  /** A ticket for the socket. */
  ticket: 60 * second,

  /** A pairing code. */
  pairingCode: 10 * minute,
  /** After a rotation the old agent token works until the new one connects, at most so long. */
  tokenOverlap: 10 * minute,
  /** An invitation. */
  invitation: 7 * day,
  /** A guest's token, never beyond its share link; the link gives another. */
  guestToken: 24 * hour,
  /** A share link lives from the first to the second, a display link up to the third. */
  shareShortest: hour,
  shareLongest: 90 * day,
  displayLongest: 365 * day,

  /** The agent repeats its keyframe as a new one when unacknowledged for so long. */
  keyframeRepeat: 3 * second,
  /** The agent asks for an ack at least so often. */
  ackEvery: 20 * second,
  /** No answer to an asked ack: send nothing but the newest state, under a new seq. */
  ackLate: 10 * second,
  /** No answer to an asked ack: redial. */
  ackLost: 30 * second,
  /** While watched, a new keyframe at least so often. */
  keyframeEvery: 5 * minute,
  /** The declared silence of each mode: at the latest then the next frame comes. */
  silenceWatched: 30 * second,
  silenceIdlePrinting: 2 * minute,
  silenceIdle: 5 * minute,
  /** So long after the last viewer the agent declares itself idle. */
  lowerAfter: 60 * second,
  /** An owner that was silent for so long can be taken over by any hello. */
  ownerForgotten: 10 * minute,
  /** A superseded agent tries again so often. */
  supersededRetry: 10 * minute,

  /** API Gateway cuts a connection at two hours; a new one is opened before. */
  connectionLife: 2 * hour,
  handOverBefore: 5 * minute,
  /** API Gateway cuts a connection without data after so long. */
  connectionIdle: 10 * minute,

  /** The watchdog looks so often. */
  watchdog: minute,
} as const

/** Backoff of every reconnect, in ms: full jitter from the first to the last. */
export const backoff = { first: 1 * second, last: 30 * second } as const

/** A silent agent is reported after so many declared silences. */
export const silencesBeforeAlarm = 2.5
/** A state is old after so many declared silences: a subscribe then asks the agent again. */
export const silencesBeforeOld = 2

/** Every n-th state frame of an agent asks for an ack. */
export const framesBetweenAcks = 10
