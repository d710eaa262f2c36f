import { createHash } from 'node:crypto'

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** A line of a kept file, with its checksum. ASCII, so that bytes are characters whatever the names. */
export const encodeLine = (value: object): string => {
  const text = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${sumOf(text)} ${text}\n`
}

/** The value of a line (without its end), or undefined when it is not as it was written. */
export const decodeLine = (line: string): unknown => {
  const text = line.slice(13)
  if (line.charAt(12) !== ' ' || sumOf(text) !== line.slice(0, 12)) return undefined
  return JSON.parse(text)
}
