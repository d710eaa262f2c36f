import { TableError, type TableErrorCode } from '../relay/table/table-error.ts'

/** What an SDK error has that decides; its class differs between bundles, so the name is read. */
interface Failure {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
}

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'LimitExceededException',
])
const denials = new Set([
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'CredentialsProviderError',
  'ExpiredTokenException',
])

const advice = {
  invalid: 'The request itself is wrong: this is a mistake in the program.',
  item_too_large: 'An item may hold 400 KB: write less into it.',
  throttled: 'The table or one key has too many requests: try again a little later.',
  timeout: 'No answer in time: try again; a write may have happened.',
  unavailable: 'DynamoDB could not be reached or failed: try again a little later.',
  table_missing: 'Deploy the stack, or check the region and the name of the table.',
  denied: 'Check the credentials and that the role may use this table.',
} as const satisfies Record<TableErrorCode, string>

/** Whether a conditional write was refused, which is an outcome and no error. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException'

/** An SDK error as a `TableError` that says what to do. */
export function toTableError(error: unknown, operation: string, tableName: string): TableError {
  if (error instanceof TableError) return error
  const failure = describe(error)
  const code = classify(failure)
  const message = `${operation} on table ${tableName}: ${failure.message}. ${advice[code]}`
  // Not as its cause: an SDK error holds the whole request, with the Authorization header.
  return new TableError(code, message)
}

function classify({ name, message, status }: Failure): TableErrorCode {
  if (throttles.has(name)) return 'throttled'
  if (denials.has(name)) return 'denied'
  if (name === 'ResourceNotFoundException') return 'table_missing'
  if (name === 'AbortError' || name === 'TimeoutError') return 'timeout'
  if (name === 'ValidationException')
    return /item size/i.test(message) ? 'item_too_large' : 'invalid'
  return status !== undefined && status >= 400 && status < 500 ? 'invalid' : 'unavailable'
}

function describe(error: unknown): Failure {
  if (!(error instanceof Error))
    return { name: 'Unknown', message: String(error), status: undefined }
  const message = error.message.replace(/\.$/, '') || error.name
  return { name: error.name, message, status: httpStatus(error) }
}

function httpStatus(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return metadata?.httpStatusCode
}
