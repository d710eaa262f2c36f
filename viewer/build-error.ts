/** The viewer could not be built. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
  readonly code = 'viewer_build'
}
