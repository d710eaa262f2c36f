/** A mistake in one setting: its path, where its value came from, what to do. Never the value. */
export interface ConfigMistake {
  readonly path: string
  readonly origin: string
  readonly message: string
}

export const describeMistake = ({ path, origin, message }: ConfigMistake): string =>
  `${path} (${origin}): ${message}`

/** The settings cannot be used. All mistakes at once, so that one edit mends them. */
export class ConfigError extends Error {
  readonly code = 'bad_config'
  readonly exitCode = 2
  readonly mistakes: readonly ConfigMistake[]

  constructor(mistakes: readonly ConfigMistake[]) {
    super(`The settings have mistakes:\n${mistakes.map(describeMistake).join('\n')}`)
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}
