import { useState } from 'preact/hooks'
import type { SitePrinter } from '../../protocol/rest-sites.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { NameButton } from '../parts/name-button.tsx'
import { addHref } from '../frame/route.ts'
import { Entry, SiteCard } from '../parts/card.tsx'
import type { SiteProps } from './site-page.tsx'
import { TokenDialog } from './token-dialog.tsx'

const id = 'site-printers'

export const PrintersCard = (props: SiteProps) => (
  <SiteCard
    id={id}
    title="Printers"
    action={
      <a class="button plain small" href={addHref}>
        Add a printer
      </a>
    }
  >
    {props.owned.printers.length === 0 && <p class="muted">None yet.</p>}
    <ul class="entries">
      {props.owned.printers.map((printer) => (
        <PrinterEntry key={printer.id} {...props} printer={printer} />
      ))}
    </ul>
  </SiteCard>
)

interface PrinterEntryProps extends SiteProps {
  readonly printer: SitePrinter
}

const PrinterEntry = ({ printer, management, quietly, reload }: PrinterEntryProps) => {
  const [pairing, setPairing] = useState(false)
  const { name, tokens } = printer
  return (
    <Entry title={name} testId="site-printer" facts={[tokenWords(tokens)]}>
      <NameButton
        about={name}
        title="Rename the printer"
        name={name}
        rename={(wish) => management.renamePrinter(printer.id, wish)}
        done={reload}
      />
      <button
        type="button"
        class="plain small"
        aria-label={`New token: ${name}`}
        onClick={() => setPairing(true)}
      >
        New token
      </button>
      {pairing && (
        <TokenDialog
          ask={() => management.newTokenCode(printer.id)}
          tokens={tokens}
          look={reload}
          close={() => {
            setPairing(false)
            reload()
          }}
        />
      )}
      <RevokeButton {...{ printer, management, reload }} />
      <ConfirmButton
        label="Remove"
        about={name}
        title={`Remove ${name}?`}
        deed={() => quietly(() => management.removePrinter(printer.id))}
        done={reload}
        then={id}
      >
        <p>
          Its agent is turned away, and nobody sees it any more. Its share links end. This cannot be
          undone; the printer can be paired anew.
        </p>
      </ConfirmButton>
    </Entry>
  )
}

type RevokeButtonProps = Pick<PrinterEntryProps, 'printer' | 'management' | 'reload'>

/** Of two tokens the older goes; the last one leaves the agent outside. */
const RevokeButton = ({ printer: { id: printerId, name, tokens }, ...rest }: RevokeButtonProps) => {
  const { management, reload } = rest
  if (tokens.length === 0) return null
  const oldest = Math.min(...tokens)
  const last = tokens.length === 1
  return (
    <ConfirmButton
      label={last ? 'Revoke token' : 'Revoke old token'}
      about={name}
      title={last ? `Turn the agent of ${name} away?` : `Revoke the old token of ${name}?`}
      deed={() => management.revokeToken(printerId, oldest)}
      done={reload}
      then={id}
    >
      <p>
        {last
          ? 'Its agent is cut off within seconds and stays out until you pair it with a new token. Do this when the token may be in wrong hands.'
          : 'An agent that still uses it is cut off within seconds; the newer token goes on working.'}
      </p>
    </ConfirmButton>
  )
}

const tokenWords = (tokens: readonly number[]): string => {
  if (tokens.length === 0) return 'No token: its agent cannot connect'
  return tokens.length === 1 ? '1 token' : `${tokens.length} tokens, until the newest connects`
}
