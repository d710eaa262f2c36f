import { nodeFile } from '../../../agent/disk/node-file.ts'
import { Outbox } from '../../../agent/outbox/outbox.ts'
import { systemClock } from '../../../agent/system-clock.ts'

/** Finds events without end, has some confirmed, and says each number that is on the disk. */
const quiet = () => {}
const box = new Outbox({
  files: nodeFile(process.argv[2] ?? ''),
  clock: systemClock,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  newSource: () => `source-${process.pid}`,
  limits: { events: 1000, bytes: 1_000_000 },
})
const memory = { seenAt: 0, connected: true, errored: false, settleUntil: 0 }
/** Waits until the text has left this process: what waits inside dies with it, and was never said. */
const say = (text: string) =>
  new Promise<void>((resolve) => process.stdout.write(text, () => resolve()))
await say('begun\n')
for (let n = 1; ; n++) {
  const at = systemClock.monotonic()
  box.keep([{ at, body: { type: 'job_paused', name: `${n}${'x'.repeat(n % 300)}` } }], memory)
  await say(`${n}\n`)
  // Keeps the file short enough to be written anew again and again.
  if (n % 7 === 0) box.heard({ [`source-${process.pid}`]: n - 3 }, undefined)
}
