/** Runs a deed of one's own that ends one's own connection. */
export type Quietly = <Value>(deed: () => Promise<Value>) => Promise<Value>

/** The own link, to be ended and begun. */
export interface OwnLink {
  readonly stop: () => void
  readonly start: () => void
}

/**
 * Ends the own link first, or its end would be told as news before the deed is answered. It comes
 * back only where the deed was refused.
 */
export const endingWith =
  ({ stop, start }: OwnLink): Quietly =>
  async (deed) => {
    stop()
    try {
      return await deed()
    } catch (error) {
      start()
      throw error
    }
  }

/** The same, but the link comes back whether the deed was refused or done. */
export const quietlyWith =
  (link: OwnLink): Quietly =>
  async (deed) => {
    const value = await endingWith(link)(deed)
    link.start()
    return value
  }
