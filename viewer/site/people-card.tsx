import type { SitePerson } from '../../protocol/rest-sites.ts'
import { ConfirmButton } from '../parts/confirm-button.tsx'
import { age } from '../parts/format.ts'
import { Entry, SiteCard } from '../parts/card.tsx'
import { LeaveButton } from './leave-button.tsx'
import type { SiteProps } from './site-page.tsx'
import { personName, roleWords } from './site-words.ts'

interface PeopleCardProps extends SiteProps {
  readonly changed: () => void
}

const id = 'people'

export const PeopleCard = (props: PeopleCardProps) => (
  <SiteCard id={id} title="People">
    <ul class="entries">
      {props.owned.people.map((person) => (
        <PersonEntry key={`${person.who} ${person.role}`} {...props} person={person} />
      ))}
    </ul>
  </SiteCard>
)

const PersonEntry = (props: PeopleCardProps & { readonly person: SitePerson }) => {
  const { site, owned, person, management, quietly, reload, changed } = props
  const { who, role, printerIds, since } = person
  const you = who === site.you
  const name = personName(person.name, who)
  const printers = printerIds?.map(
    (one) => owned.printers.find((printer) => printer.id === one)?.name ?? 'a printer',
  )
  const facts = [
    printers ? `Viewer of ${printers.join(', ')}` : roleWords[role].text,
    // Of those who were there from the start nobody wrote down when.
    since > 0 ? `joined ${age(Math.max(0, site.now - since))}` : undefined,
  ]
  return (
    <Entry
      title={you ? `${name} (you)` : name}
      testId="person"
      facts={[facts.filter((fact) => fact !== undefined).join(' · ')]}
    >
      {!you && !printerIds && <RoleButton {...{ ...props, name }} />}
      {you ? (
        <LeaveButton {...{ site, management, quietly, changed }} />
      ) : (
        <ConfirmButton
          label="Remove"
          about={name}
          title={`Remove ${name}?`}
          deed={() => remove(props)}
          done={reload}
          then={id}
        >
          <p>Their open pages stop within seconds, and they see nothing of this site any more.</p>
        </ConfirmButton>
      )}
    </Entry>
  )
}

const RoleButton = ({
  site,
  person: { who, role },
  management,
  reload,
  name,
}: PeopleCardProps & { readonly person: SitePerson; readonly name: string }) => {
  const other = role === 'owner' ? 'viewer' : 'owner'
  return (
    <ConfirmButton
      label={`Make ${other}`}
      about={name}
      title={`Make ${name} ${other === 'owner' ? 'an owner' : 'a viewer'}?`}
      danger={false}
      deed={() => management.changeRole(site.id, who, other)}
      done={reload}
      then={id}
    >
      <p>{roleWords[other].means}</p>
    </ConfirmButton>
  )
}

const remove = async ({
  site,
  person: { who, printerIds },
  management,
}: PeopleCardProps & { readonly person: SitePerson }): Promise<void> => {
  if (!printerIds) return management.removePerson(site.id, who)
  for (const printerId of printerIds) await management.removePerson(site.id, who, printerId)
}
