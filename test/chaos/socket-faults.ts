import { calm, type FaultPlan, type Faults as Switches } from '../../local/gateway/faults.ts'
import type { Faults } from './faults.ts'

/** The faults of a run that the emulator can bring about itself. */
const kinds = [
  'frame in lost',
  'frame in repeated',
  'frame in late',
  'frame out lost',
  'frame out repeated',
  'frame out late',
  'post throttled',
  'post gone by mistake',
  'handler killed',
  'disconnect lost',
  'disconnect late',
] as const
type Kind = (typeof kinds)[number]

/** The emulator asks for a chance, a run decides by kind: so each kind has a chance of its own. */
const chanceOf = (kind: Kind): number => (kinds.indexOf(kind) + 1) / 100
const kindOf = (chance: number): Kind | undefined => kinds[Math.round(chance * 100) - 1]

const plan: FaultPlan = {
  messages: {
    drop: chanceOf('frame in lost'),
    repeat: chanceOf('frame in repeated'),
    delay: chanceOf('frame in late'),
    delayMs: 5000,
    reorder: chanceOf('frame in late'),
    holdMs: 1000,
  },
  posts: {
    drop: chanceOf('frame out lost'),
    repeat: chanceOf('frame out repeated'),
    delay: chanceOf('frame out late'),
    delayMs: 5000,
    reorder: chanceOf('frame out late'),
    holdMs: 1000,
  },
  gone: chanceOf('post gone by mistake'),
  limited: chanceOf('post throttled'),
  crashBefore: chanceOf('handler killed'),
  crashAfter: chanceOf('handler killed'),
  loseDisconnect: chanceOf('disconnect lost'),
  lateDisconnect: chanceOf('disconnect late'),
  lateDisconnectMs: 30_000,
}

/** The emulator's switchboard, thrown by the faults of a run: counted, bounded, ended with them. */
export const switchesOf = (faults: Faults): Switches => ({
  plan: () => (faults.ended ? calm : plan),
  set: () => {},
  clear: () => {},
  happens: (chance) => {
    const kind = kindOf(chance)
    return kind !== undefined && faults.happens(kind)
  },
  upTo: (ms) => faults.random('frame out late').between(0, ms),
})
