/** Random bytes in an id: 11 become the 15 characters and one `=` that the cloud's ids have. */
const idBytes = 11

const shape = /^[A-Za-z0-9_-]{15}=$/

/** A fresh id in the cloud's shape, such as `JC1dgf9yoAMCK-g=`; also used for request ids. */
export const newConnectionId = (randomBytes: (count: number) => Buffer): string =>
  `${randomBytes(idBytes).toString('base64url')}=`

/** Whether the cloud would accept this as an id at all (400 otherwise). */
export const isConnectionId = (text: string): boolean => shape.test(text)
