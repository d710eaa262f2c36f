import { useEffect, useRef, useState } from 'preact/hooks'
import type { Management } from '../../client/management.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import { limits } from '../../protocol/limits.ts'
import { nameSchema } from '../../protocol/name.ts'
import type { SiteList } from '../../protocol/rest-sites.ts'
import { BackLink } from '../parts/back-link.tsx'
import { Failure, LoadFailure } from '../parts/failure.tsx'
import { ChoiceField, TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { givenNow, PairingCode, useRemaining, type GivenCode } from './pairing-code.tsx'
import { home, hrefOf } from '../frame/route.ts'
import type { Awaited } from './arrival.ts'
import { useArrival } from './use-arrival.ts'
import { useDeed } from '../parts/use-deed.ts'
import type { Loaded } from '../parts/use-loaded.ts'

interface AddPageProps {
  readonly client: RelayClient
  readonly management: Management
  readonly sites: Loaded<SiteList>
}

interface Given {
  readonly code: GivenCode
  readonly awaited: Awaited
}

export const AddPage = ({ client, management, sites }: AddPageProps) => {
  const owned = sites.value?.sites.filter(({ role }) => role === 'owner')
  return (
    <div class="narrow">
      <BackLink href={home}>All printers</BackLink>
      <h1>Add a printer</h1>
      {!owned && <LoadFailure error={sites.error} />}
      {!owned && sites.error === undefined && (
        <div class="card skeleton" role="status" aria-label="Loading" />
      )}
      {owned?.length === 0 && (
        <section class="card empty" data-testid="no-site">
          <h2>Owners add printers</h2>
          <p>You own no site here. Ask an owner to add the printer, or to make you an owner.</p>
        </section>
      )}
      {owned && owned.length > 0 && <Pairing {...{ client, management, owned }} />}
    </div>
  )
}

interface PairingProps {
  readonly client: RelayClient
  readonly management: Management
  readonly owned: SiteList['sites']
}

/** First the name, then the code; and again, when the code ran out. */
const Pairing = ({ client, management, owned }: PairingProps) => {
  const [siteId, setSiteId] = useState(owned[0]?.id ?? '')
  const [name, setName] = useState('')
  const [given, setGiven] = useState<Given | undefined>(undefined)
  const { busy, error, run } = useDeed()
  const ask = () =>
    run(async () => {
      const { printers } = await client.printers()
      const code = givenNow(await management.newPrinterCode(siteId, name))
      const known = printers.map(({ id }) => id)
      return { code, awaited: { siteId, name: written(name), known } }
    }, setGiven)
  if (given)
    return (
      <Waiting
        key={given.code.answer.code}
        {...{ client, given, ask, busy, error }}
        back={() => setGiven(undefined)}
      />
    )
  return (
    <section class="card">
      <Form submit={ask} label="Get a code" busy={busy} error={error}>
        {owned.length > 1 && (
          <ChoiceField
            label="Site"
            value={siteId}
            change={setSiteId}
            choices={owned.map(({ id, name: text }) => [id, text])}
          />
        )}
        <TextField
          label="Name of the printer"
          hint="In any language. You can change it later."
          value={name}
          change={setName}
          maxLength={limits.nameText}
          required
        />
      </Form>
    </section>
  )
}

const written = (name: string): string => {
  const parsed = nameSchema.safeParse(name)
  return parsed.success ? parsed.data : name
}

interface WaitingProps {
  readonly client: RelayClient
  readonly given: Given
  readonly ask: () => void
  readonly busy: boolean
  readonly error: unknown
  readonly back: () => void
}

const Waiting = ({ client, given, ask, busy, error, back }: WaitingProps) => {
  const { code, awaited } = given
  const over = useRemaining(code) === 0
  const arrived = useArrival(client, awaited, over)
  // What was pressed is gone with the form.
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <section class="card said" data-testid="pairing" aria-labelledby="pairing-title">
      <h2 class="what" id="pairing-title" tabIndex={-1} ref={title}>
        <bdi>{awaited.name}</bdi>
      </h2>
      {arrived === undefined && !over && <PairingCode code={code} />}
      <div role="status">
        {arrived !== undefined && (
          <p class="state tone-good" data-testid="arrived">
            Paired. The printer is here.
          </p>
        )}
        {arrived === undefined && over && (
          <p data-testid="code-over">No printer came yet, and the code ran out.</p>
        )}
        {arrived === undefined && !over && (
          <p class="muted">Waiting for the printer; this page notices by itself.</p>
        )}
      </div>
      <Failure error={error} />
      <div class="buttons">
        <button type="button" class="plain" onClick={back}>
          {arrived === undefined ? 'Change the name' : 'Add another'}
        </button>
        {arrived !== undefined && (
          <a class="button primary" href={hrefOf(arrived)}>
            Watch it
          </a>
        )}
        {arrived === undefined && over && (
          <button type="button" class="primary" disabled={busy} onClick={ask}>
            New code
          </button>
        )}
      </div>
    </section>
  )
}
