import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/SECURITY.md'), 'utf8')

/** The rows of the table of attackers, without its head. */
const claims = text
  .slice(text.indexOf('## Attackers'), text.indexOf('What it does not stop'))
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)

it('names a test that is there for every claim about an attacker', () => {
  expect(claims.length).toBeGreaterThan(10)
  for (const claim of claims) {
    const tests = [...claim.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, path = '']) => path)
    expect(tests.length, claim).toBeGreaterThan(0)
    for (const path of tests) expect(existsSync(join(root, path)), path).toBe(true)
  }
})
