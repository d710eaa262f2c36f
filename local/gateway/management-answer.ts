import type { ServerResponse } from 'node:http'

/** The errors of the management API: the SDKs take the name from a header, the status decides. */
const managementErrors = {
  BadRequestException: 400,
  ForbiddenException: 403,
  GoneException: 410,
  PayloadTooLargeException: 413,
  UpgradeRequiredException: 426,
  LimitExceededException: 429,
} as const

export type ManagementError = keyof typeof managementErrors

const withText = (text: string) => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(text),
})

export const answerError = (
  response: ServerResponse,
  name: ManagementError,
  message: string,
): void => {
  const text = JSON.stringify({ message })
  response.writeHead(managementErrors[name], {
    ...withText(text),
    'x-amzn-ErrorType': name,
    // Part of a long body may be unread: the next request could not be told from it.
    ...(name === 'PayloadTooLargeException' ? { connection: 'close' } : {}),
  })
  response.end(text)
}

export const answerJson = (response: ServerResponse, value: unknown): void => {
  const text = JSON.stringify(value)
  response.writeHead(200, withText(text))
  response.end(text)
}

export const answerEmpty = (response: ServerResponse, status: 200 | 204): void => {
  response.writeHead(status, status === 200 ? { 'content-length': 0 } : {})
  response.end()
}
