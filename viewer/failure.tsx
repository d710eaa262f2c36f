import { failureWords } from './failure-words.ts'

/** Says what was refused, if anything was; announced at once. */
export const Failure = ({ error }: { readonly error: unknown }) =>
  error === undefined ? null : (
    <p class="failure" role="alert" data-testid="failure">
      {failureWords(error)}
    </p>
  )
