export type TablesErrorCode =
  'folder_unwritable' | 'folder_in_use' | 'folder_damaged' | 'not_ready' | 'disk_failed'

/** The embedded tables can't start or go on; the message is one line for whoever started the relay. */
export class TablesError extends Error {
  override readonly name = 'TablesError'
  constructor(
    readonly code: TablesErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
