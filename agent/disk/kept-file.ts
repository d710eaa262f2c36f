/** One file on the printer's host, kept whole. Every call may throw a system error. */
export interface KeptFile {
  /** For log lines. */
  readonly path: string
  /** Undefined when there is none. */
  read(): string | undefined
  /** At the end; it is on the disk when this returns. */
  append(text: string): void
  /** All of it or nothing of it, whatever happens meanwhile. */
  replace(text: string): void
  /** Cuts what comes after so many bytes. */
  truncate(bytes: number): void
  /** Gives it another name, which is answered. */
  setAside(suffix: string): string
}
