/** One thing that is wrong with the configuration. */
export interface Mistake {
  /** Where: `issuer.audience[0]`, or empty for the whole. */
  readonly path: string
  /** What is expected there, as the end of "expected …". */
  readonly expected: string
  /** What was found, as JSON; `nothing` when it is left out. */
  readonly found: string
}

/** The configuration is wrong; tells every mistake at once, each with its path. */
export class ConfigError extends Error {
  readonly code = 'bad-config'

  constructor(
    /** The file or context key the configuration came from. */
    readonly source: string,
    readonly mistakes: readonly Mistake[],
  ) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`
    super(
      [
        `${source} has ${count}:`,
        ...mistakes.map(
          ({ path, expected, found }) =>
            `  ${path === '' ? 'the whole' : path}: expected ${expected}; found ${found}`,
        ),
        'docs/OPERATIONS.md, "Configuration", has the list of all fields.',
      ].join('\n'),
    )
    this.name = 'ConfigError'
  }
}
