import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { configSchema, parseConfig } from '../../lib/config.ts'
import { ConfigError } from '../../lib/config-error.ts'
import { least } from './synthesised.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/OPERATIONS.md'), 'utf8')

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

describe('docs/OPERATIONS.md', () => {
  it('names every field of the configuration', () => {
    const { properties = {} } = z.toJSONSchema(configSchema, {
      io: 'input',
      unrepresentable: 'any',
    }) as JsonSchema
    for (const [name, { properties: inner = {} }] of Object.entries(properties)) {
      const whole = page.includes(`\`${name}\``)
      const parts = Object.keys(inner).every((part) => page.includes(`\`${name}.${part}\``))
      expect({ name, told: whole || parts }).toEqual({ name, told: true })
    }
  })

  it('has only examples that the configuration takes', () => {
    const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) => text)
    expect(examples.length).toBeGreaterThan(3)
    for (const text of examples) expect(mistakesIn(text)).toEqual([])
  })

  it('names only files that are there', () => {
    const files = page.match(/\b(?:docs|viewer|lib)\/[\w-]+\.\w+/g) ?? []
    for (const file of files)
      expect({ file, there: existsSync(join(root, file)) }).toEqual({ file, there: true })
  })
})

const mistakesIn = (text: string): readonly string[] => {
  const raw = JSON.parse(text.replaceAll('…', 'abc').replaceAll('<', '')) as object
  try {
    parseConfig({ ...least, ...raw }, 'an example')
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [error.message]
  }
}
