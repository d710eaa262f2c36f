import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { closingReasons } from '../../protocol/closing-reasons.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { subprotocol } from '../../protocol/version.ts'

const text = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8')

describe('docs/PROTOCOL.md', () => {
  it('lists every error code as the table has it', () => {
    for (const [code, { status, retryable, means }] of Object.entries(errorCodes))
      expect(text).toContain(`| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${means} |`)
  })
  it('lists every closing reason as the table has it', () => {
    for (const [reason, { then, means }] of Object.entries(closingReasons))
      expect(text).toContain(`| \`${reason}\` | ${then} | ${means} |`)
  })
  it('names the subprotocol that the code speaks', () => {
    expect(text).toContain(`\`${subprotocol}\``)
  })
  it('numbers each rule once', () => {
    const rules = [...text.matchAll(/\*\*([A-Z]+-\d+)\*\*/g)].map(([, rule]) => rule)
    expect(new Set(rules).size).toBe(rules.length)
  })
})
