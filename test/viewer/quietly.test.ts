import { describe, expect, it } from 'vitest'
import { endingWith, quietlyWith } from '../../viewer/parts/quietly.ts'

class Refused extends Error {
  override readonly name = 'Refused'
}

const link = () => {
  const told: string[] = []
  const deed = (refused: boolean) => () => {
    told.push('deed')
    return refused ? Promise.reject(new Refused()) : Promise.resolve('done')
  }
  return { told, deed, stop: () => told.push('stop'), start: () => told.push('start') }
}

describe('a deed that ends the own link', () => {
  it('is done while the link rests, which then comes back', async () => {
    const own = link()
    expect(await quietlyWith(own)(own.deed(false))).toBe('done')
    expect(own.told).toEqual(['stop', 'deed', 'start'])
  })

  it('brings the link back once when it is refused', async () => {
    for (const kind of [quietlyWith, endingWith]) {
      const own = link()
      await expect(kind(own)(own.deed(true))).rejects.toThrow(Refused)
      expect(own.told).toEqual(['stop', 'deed', 'start'])
    }
  })

  it('leaves the link at rest where nothing is left to watch', async () => {
    const own = link()
    expect(await endingWith(own)(own.deed(false))).toBe('done')
    expect(own.told).toEqual(['stop', 'deed'])
  })
})
