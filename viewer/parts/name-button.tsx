import { useState } from 'preact/hooks'
import { limits } from '../../protocol/limits.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Form } from './form.tsx'
import { useDeed } from './use-deed.ts'

interface NameButtonProps {
  readonly about: string
  readonly title: string
  readonly name: string
  readonly rename: (name: string) => Promise<void>
  readonly done: () => void
}

/** A button that asks for another name. */
export const NameButton = ({ about, title, name, rename, done }: NameButtonProps) => {
  const [wish, setWish] = useState<string | undefined>(undefined)
  const { busy, error, run } = useDeed()
  const close = () => setWish(undefined)
  const submit = () =>
    run(
      () => rename(wish ?? ''),
      () => {
        close()
        done()
      },
    )
  return (
    <>
      <button
        type="button"
        class="plain small"
        aria-label={`Rename: ${about}`}
        onClick={() => setWish(name)}
      >
        Rename
      </button>
      {wish !== undefined && (
        <Dialog title={title} close={close}>
          <Form {...{ submit, busy, error }} label="Rename" cancel={close}>
            <TextField
              label="Name"
              value={wish}
              change={setWish}
              maxLength={limits.nameText}
              required
              first
            />
          </Form>
        </Dialog>
      )}
    </>
  )
}
