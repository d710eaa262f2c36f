import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { badgeWords, octoPrintWords, printerWords } from '../../viewer/parts/words.ts'

const text = readFileSync(new URL('../../docs/TROUBLESHOOTING.md', import.meta.url), 'utf8')

it('troubleshooting lists the words that the page says', () => {
  const { starting, ok, ...troubles } = octoPrintWords
  expect([starting.text, ok.text]).toEqual(['Starting', 'Connected'])
  const words = [...Object.values(troubles), ...Object.values(badgeWords)].map((one) => one.text)
  for (const word of words) expect(text).toMatch(new RegExp(`^\\| ${word}[ ,]`, 'm'))
  expect(text).toContain(`| ${printerWords.offline} / ${printerWords.connecting} |`)
})
