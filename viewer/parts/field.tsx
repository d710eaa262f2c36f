import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly children: (ids: {
    readonly id: string
    readonly hint: string | undefined
  }) => ComponentChildren
}

/** A form's control with its label above and, below, what there is to know. */
export const Field = ({ label, hint, children }: FieldProps) => {
  const id = useId()
  const hintId = hint === undefined ? undefined : `${id}-hint`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, hint: hintId })}
      {hint !== undefined && (
        <p class="fine" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}

interface TextFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly change: (value: string) => void
  /** Which keyboard a phone shows. */
  readonly keys?: 'text' | 'email'
  /** What it must look like, as a regular expression, and how to say so. */
  readonly like?: { readonly pattern: string; readonly said: string }
  readonly maxLength: number
  readonly required?: boolean
  /** Takes the focus when its dialog opens. */
  readonly first?: boolean
}

export const TextField = (props: TextFieldProps) => {
  const {
    label,
    hint,
    value,
    change,
    keys = 'text',
    like,
    maxLength,
    required = false,
    first = false,
  } = props
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(ids) => (
        <input
          id={ids.id}
          aria-describedby={ids.hint}
          type="text"
          inputMode={keys}
          value={value}
          required={required}
          autofocus={first}
          pattern={like?.pattern}
          title={like?.said}
          maxLength={maxLength}
          autocomplete="off"
          dir="auto"
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface ChoiceFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly change: (value: string) => void
  /** Value and text of each. */
  readonly choices: readonly (readonly [string, string])[]
}

export const ChoiceField = ({ label, hint, value, change, choices }: ChoiceFieldProps) => (
  <Field label={label} {...(hint === undefined ? {} : { hint })}>
    {(ids) => (
      <select
        id={ids.id}
        aria-describedby={ids.hint}
        value={value}
        onChange={({ currentTarget }) => change(currentTarget.value)}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice} selected={choice === value}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
)
