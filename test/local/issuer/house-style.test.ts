import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signInPage } from '../../../local/issuer/pages.ts'
import { signInStyle } from '../../../local/issuer/sign-in-style.ts'

const viewer = readFileSync(join(import.meta.dirname, '../../../viewer/style.css'), 'utf8')

/** The colours of a style, of the bright scheme first; `#fff` is `#ffffff`. */
const coloursOf = (style: string): Record<string, string[]> => {
  const colours: Record<string, string[]> = {}
  for (const [, name = '', value = ''] of style.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{3,6})\b/g))
    (colours[name] ??= []).push(value.replace(/^#(\w)(\w)(\w)$/, '#$1$1$2$2$3$3'))
  return colours
}

describe('the sign-in page', () => {
  it('has the colours of the viewer, in both schemes', () => {
    const colours = coloursOf(signInStyle)
    expect(Object.keys(colours).length).toBeGreaterThan(6)
    expect(coloursOf(viewer)).toMatchObject(colours)
  })

  it('has nothing inline that its policy refuses', () => {
    const parts = { action: '/x', demo: true, passwords: true, problem: undefined, email: '' }
    expect(signInPage(parts)).not.toMatch(/ style="|<script|<img|url\(/)
  })
})
