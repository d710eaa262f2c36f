/** Longer, ms, than the next page takes to say what it watches; the list asks the relay for it first. */
const soon = 3_000

/**
 * Ends watching a moment later. The page that comes next mostly shows the same printer: without a
 * gap it stays subscribed, and nothing says "Reconnecting" where nothing was interrupted.
 */
export const unwatchSoon = (watches: readonly { unwatch(): void }[]): void => {
  setTimeout(() => watches.forEach((watch) => watch.unwatch()), soon)
}
