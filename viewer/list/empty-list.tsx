import type { ComponentChildren } from 'preact'
import type { SiteList } from '../../protocol/rest-sites.ts'
import { LoadFailure } from '../parts/failure.tsx'
import type { Loaded } from '../parts/use-loaded.ts'
import { addHref } from '../frame/route.ts'

/** A list with nothing on it. */
export const EmptyList = ({ children }: { readonly children: ComponentChildren }) => (
  <section class="card empty" data-testid="empty-list">
    <h2>No printers yet</h2>
    {children}
  </section>
)

/** The same for a person: owners can do something about it, others can ask. */
export const NoPrinters = ({ sites }: { readonly sites: Loaded<SiteList> }) => {
  if (sites.value === undefined) return <LoadFailure error={sites.error} />
  const owner = sites.value.sites.some(({ role }) => role === 'owner')
  return (
    <EmptyList>
      {owner ? (
        <>
          <p>
            Pair the computer beside your printer with a code; the printer then appears here by
            itself.
          </p>
          <div class="buttons">
            <a class="button primary" href={addHref} data-testid="add-printer">
              Add a printer
            </a>
          </div>
        </>
      ) : (
        <p>
          You are signed in, but nobody has let you see a printer. Ask its owner for an invitation
          to the e-mail address you signed in with.
        </p>
      )}
    </EmptyList>
  )
}
