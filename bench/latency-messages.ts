/** What the bench tells the process of its viewers; each order is answered by one `done`. */
export type ViewerOrder =
  /** Sign in at this one-machine run. */
  | { readonly type: 'sign in'; readonly origin: string; readonly printerId: string }
  /** Have so many viewers, each with a client and a socket of its own, that hold the state. */
  | { readonly type: 'watch'; readonly viewers: number }
  /** Have so many plain sockets at a server that only broadcasts. */
  | { readonly type: 'watch plainly'; readonly url: string; readonly viewers: number }
  /** Measure so many round trips of one plain socket. */
  | { readonly type: 'echo'; readonly url: string; readonly count: number; readonly pace: number }
  /** Hand over the sightings since the last report. */
  | { readonly type: 'report' }

/** One viewer saw one value for the first time, at this moment of the shared clock. */
export interface Sighting {
  readonly viewer: number
  readonly value: number
  readonly at: number
}

export interface Done {
  readonly sightings: readonly Sighting[]
  readonly roundTrips: readonly number[]
}
