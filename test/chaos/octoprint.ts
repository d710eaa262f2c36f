import type { Fetch } from '../../agent/octoprint/reader.ts'
import { makeOdd, oddBodies } from '../../local/octoprint/odd-bodies.ts'
import { onWire, type WireReply } from '../../local/octoprint/reply.ts'
import { isReadPath, type Answers } from '../../local/octoprint/scenario.ts'
import { syntheticPrint } from '../../local/octoprint/synthetic-print.ts'
import { second, type Ground } from './ground.ts'
import type { Process } from './machine.ts'

/** How an OctoPrint is at present. */
export type Mood =
  'well' | 'down' | 'hanging' | 'restarting' | 'printer off' | 'key refused' | 'odd'
export const moods: readonly Mood[] = [
  'down',
  'hanging',
  'restarting',
  'printer off',
  'key refused',
  'odd',
]

/** Megabytes of nonsense have tests of their own; here they would only cost time. */
const bodies = oddBodies.filter((body) => body !== 'huge' && body !== 'deep')

export interface OctoPrint {
  mood: Mood
  /** From now on nothing changes any more. */
  freeze(): void
  /** What it would answer now, when well. */
  current(): Answers
  fetch(process: Process): Fetch
}

const notOperational = {
  status: 409,
  body: { error: 'Printer is not operational' },
}
const closed = {
  status: 200,
  body: { current: { state: 'Closed', port: null, baudrate: null, printerProfile: '_default' } },
}

/** An OctoPrint without a network: answers of a synthetic print in virtual time. */
export const createOctoPrint = (ground: Ground, seed: number, jobMs: number): OctoPrint => {
  const { loop, faults, random } = ground
  const scenario = syntheticPrint({ seed, jobMs, startAt: (seed % 10) / 10 })
  let frozenAt: number | undefined
  const current = (): Answers => {
    const answers = scenario.at(frozenAt ?? loop.now())
    if (octoprint.mood !== 'printer off') return answers
    const job = answers['/api/job'].body as object
    return {
      '/api/printer': notOperational,
      '/api/job': { status: 200, body: { ...job, state: 'Offline' } },
      '/api/connection': closed,
    }
  }
  const replyTo = (path: string): WireReply => {
    if (path === '/api/version')
      return onWire({
        status: 200,
        body: { api: '0.1', server: '1.11.8', text: 'OctoPrint 1.11.8' },
      })
    if (!isReadPath(path)) return onWire({ status: 200, body: { permissions: [] } })
    return onWire(current()[path])
  }
  const fate = (path: string): WireReply | 'reset' | 'nothing' => {
    const right = replyTo(path)
    const odd = faults.random('octoprint answer wrong')
    const mood = faults.happens('octoprint answer wrong')
      ? odd.pick(['hanging', 'down', 'restarting', 'odd'] as const)
      : octoprint.mood
    switch (mood) {
      case 'well':
      case 'printer off':
        return right
      case 'down':
        return 'reset'
      case 'hanging':
        return 'nothing'
      case 'restarting':
        return onWire({ status: 503, body: undefined })
      case 'key refused':
        return onWire({ status: 403, body: { error: 'forbidden' } })
      case 'odd':
        return makeOdd(right, odd.pick(bodies))
      default:
        return mood satisfies never
    }
  }
  const octoprint: OctoPrint = {
    mood: 'well',
    freeze: () => {
      frozenAt ??= loop.now()
    },
    current,
    fetch:
      (process): Fetch =>
      (address, { signal }) =>
        new Promise<Response>((resolve, reject) => {
          const { pathname } = new URL(address)
          const abort = () => reject(new DOMException('', 'AbortError'))
          if (signal?.aborted) return abort()
          signal?.addEventListener('abort', abort)
          const reply = fate(pathname)
          if (reply === 'nothing') return
          const ms = random.chance(0.02) ? random.between(0.2, 3) * second : random.between(1, 25)
          loop.after(ms, `${process.name} reads ${pathname}`, () =>
            process.arrives(`${process.name} read ${pathname}`, () => {
              if (reply === 'reset') reject(new TypeError('fetch failed'))
              else resolve(responseOf(reply))
            }),
          )
        }),
  }
  return octoprint
}

/** The parts of a `Response` that the reader uses, without streams of the platform. */
const responseOf = ({ status, text }: WireReply): Response => {
  const chunks = text === '' ? [] : [Buffer.from(text)]
  const read = async () => {
    const value = chunks.shift()
    return value ? { done: false, value } : { done: true, value: undefined }
  }
  const body = { getReader: () => ({ read, cancel: async () => {} }) }
  return { status, body } as unknown as Response
}
