import { afterEach } from 'vitest'
import { recordingRoutes, startRig } from './rig.ts'

/** Starts rigs for one test file and stops each after its test. */
export const useRigs = () => {
  const started: { stop(): Promise<void> }[] = []
  afterEach(async () => {
    for (const rig of started.splice(0)) await rig.stop()
  })
  const start: typeof startRig = async (options) => {
    const rig = await startRig(options)
    started.push(rig)
    return rig
  }
  /** With the recording handlers and whatever else. */
  const startRecording = async (options: Partial<Parameters<typeof startRig>[0]> = {}) => {
    const recorded = recordingRoutes()
    const rig = await start({ handlers: { routes: recorded.routes }, ...options })
    return { ...recorded, ...rig }
  }
  return { start, startRecording }
}
