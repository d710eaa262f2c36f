import { describe, expect, it } from 'vitest'
import { every } from '../../../local/run/sleep.ts'

/** What is told of works that fail with these words, one after the other; undefined: it works. */
const toldOf = async (rounds: readonly (string | undefined)[]): Promise<string[]> => {
  const told: string[] = []
  const left = [...rounds]
  let over = () => {}
  const done = new Promise<void>((resolve) => (over = resolve))
  const work = async (): Promise<void> => {
    if (left.length === 0) return over()
    const failure = left.shift()
    if (failure !== undefined) throw new TypeError(failure)
  }
  const stop = every(0, work, (error) => told.push((error as Error).message))
  await done
  await stop()
  return told
}

describe('work done again and again', () => {
  it('has a failure told once until it changes', async () => {
    expect(await toldOf(['a', 'a', 'a', 'b', 'b', 'a'])).toEqual(['a', 'b', 'a'])
  })

  it('has the same failure told again after it worked', async () => {
    expect(await toldOf(['a', 'a', undefined, 'a'])).toEqual(['a', 'a'])
  })
})
