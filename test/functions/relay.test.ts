import { relayContract } from '../contracts/relay.ts'

relayContract('memory', async () => ({}))
