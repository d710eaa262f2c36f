import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Accounts } from './accounts.ts'
import type { Records } from './records.ts'

export interface AdapterDeps {
  readonly records: Records
  readonly accounts: Accounts
  readonly now: () => number
  /** What is said to the second of two who use the same thing up. */
  readonly usedTwice: () => Error
}

/**
 * The store of one of oidc-provider's models. What belongs to an account that is gone (such as the
 * demo account, when the next start has none) is gone with it.
 */
export function recordsAdapter(model: string, deps: AdapterDeps): Adapter {
  const { records, accounts, now } = deps
  const ifOwned = async (payload: AdapterPayload | undefined) => {
    if (payload?.accountId === undefined) return payload
    return (await accounts.find(payload.accountId)) && payload
  }
  const get = (id: string): Promise<AdapterPayload | undefined> => ifOwned(records.get(model, id))
  const put = (id: string, payload: AdapterPayload, until: number | null): Promise<void> =>
    records.put(model, id, { ...payload }, until)
  return {
    upsert: (id, payload, expiresIn) =>
      put(id, payload, expiresIn ? now() + expiresIn * 1000 : null),
    find: get,
    findByUid: (uid) => ifOwned(records.find(model, (payload) => payload['uid'] === uid)),
    findByUserCode: async () => undefined,
    async consume(id) {
      if (!(await get(id))) return
      // Looked at again without a pause before it is written: of two at once only the first passes.
      const payload = records.get(model, id)
      if (payload?.['consumed'] !== undefined) throw deps.usedTwice()
      const until = typeof payload?.['exp'] === 'number' ? payload['exp'] * 1000 : null
      if (payload) await put(id, { ...payload, consumed: Math.floor(now() / 1000) }, until)
    },
    destroy: (id) => records.delete((kind, other) => kind === model && other === id),
    revokeByGrantId: (grantId) =>
      records.delete((kind, _, payload) => kind === model && payload['grantId'] === grantId),
  }
}
