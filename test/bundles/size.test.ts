import { statSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { entryNames } from '../../functions/routes.ts'
import { realSynth, type RealSynth } from './real-synth.ts'

const ceiling = 400 * 1024

let synth: RealSynth
beforeAll(async () => {
  synth = await realSynth()
})

describe('the bundle of', () => {
  it.each(entryNames)('%s is at most 400 KB', (entry) => {
    const bundle = synth.lambdas.find((one) => one.entry === entry)
    expect(statSync(bundle?.file ?? '').size).toBeLessThanOrEqual(ceiling)
    expect(statSync(`${bundle?.file}.map`).size).toBeGreaterThan(0)
  })
})
