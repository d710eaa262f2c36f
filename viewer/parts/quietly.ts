import type { RelayClient } from '../../client/relay-client.ts'

/** Runs a deed of one's own that ends one's own connection. */
export type Quietly = <Value>(deed: () => Promise<Value>) => Promise<Value>

/**
 * Ends the own link first, or its end would be told as news before the deed is answered. The link
 * comes back afterwards, whether the deed was refused or done.
 */
export const quietlyWith =
  (client: RelayClient): Quietly =>
  async (deed) => {
    client.stop()
    try {
      return await deed()
    } finally {
      client.start()
    }
  }
