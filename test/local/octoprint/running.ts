import { onTestFinished } from 'vitest'
import { playRecording } from '../../../local/octoprint/recording-player.ts'
import { loadRecording } from '../../../local/octoprint/recording.ts'
import {
  createVirtualOctoPrint,
  type VirtualOctoPrint,
  type VirtualOctoPrintOptions,
} from '../../../local/octoprint/virtual-octoprint.ts'

/** A clock that stands still until it is moved. */
export const standingClock = (ms = 0) => {
  let at = ms
  return {
    now: () => at,
    goTo: (next: number) => void (at = next),
    pass: (more: number) => void (at += more),
  }
}

/** A virtual OctoPrint that listens until the test ends. */
export const running = async (
  options: Partial<VirtualOctoPrintOptions> = {},
): Promise<VirtualOctoPrint> => {
  const octoprint = createVirtualOctoPrint({
    scenario: playRecording(loadRecording('print-complete')),
    ...options,
  })
  await octoprint.listen()
  onTestFinished(() => octoprint.close())
  return octoprint
}

export type Got = { status: number; body: unknown; headers: Headers; text: string }

/** Asks with the key, unless other headers are given. */
export const ask = async (
  octoprint: VirtualOctoPrint,
  path: string,
  init: RequestInit = {},
): Promise<Got> => {
  const headers = { 'X-Api-Key': octoprint.key }
  const response = await fetch(octoprint.url + path, { headers, ...init })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: jsonOf(text) }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
