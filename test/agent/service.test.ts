import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { agentNode } from '../support/agent-node.ts'
import { buildAgent } from '../../agent/build.ts'
import { running } from '../local/octoprint/running.ts'

const token = `frp_p-1_${'CANARY'.repeat(7)}0`

/** A relay's socket that welcomes every hello. */
const welcoming = async () => {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  const published = new Promise<unknown>((resolve) => {
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as { action: string; seq: number }
        const { seq } = frame
        if (frame.action === 'publish') resolve(frame)
        const type = frame.action === 'hello' ? 'welcome' : 'ack'
        socket.send(JSON.stringify({ type, seq, hwm: {}, viewers: 1, interval: 100 }))
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  return { sockets, published, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'publishes as a process, and %s ends it cleanly',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'fluxrelay-service-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const bundle = join(folder, 'agent.cjs')
    const settings = join(folder, 'agent.json')
    await buildAgent(bundle)
    const octoprint = await running()
    const relay = await welcoming()
    await writeFile(
      settings,
      JSON.stringify({
        relay: { url: relay.url, token },
        octoprint: { url: octoprint.url, apiKey: octoprint.key },
        intervals: { status: 250, temperature: 250, progress: 250 },
        outbox: { folder },
      }),
      { mode: 0o600 },
    )
    const connected = once(relay.sockets, 'connection') as Promise<[WebSocket]>
    const agent = spawn(agentNode, [bundle, '--config', settings], { env: {} })
    onTestFinished(() => void agent.kill('SIGKILL'))
    let text = ''
    const keep = (chunk: Buffer) => (text += chunk.toString('utf8'))
    agent.stdout.on('data', keep)
    agent.stderr.on('data', keep)
    const [socket] = await connected
    await relay.published
    const closed = once(socket, 'close')
    const gone = once(agent, 'exit')
    agent.kill(signal)
    expect((await closed)[0]).toBe(1000)
    expect((await gone)[0]).toBe(0)
    expect(text).toContain('the agent stopped')
    expect(text).not.toContain('CANARY')
    expect(text).not.toContain(octoprint.key)
    expect(octoprint.requests.control).toBe(0)
  },
)
