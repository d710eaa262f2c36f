import { failureWords, isForGood } from './failure-words.ts'

/** Says why something is not there yet, and that it is asked for again where that is so. */
export const LoadFailure = ({ error }: { readonly error: unknown }) => (
  <>
    <Failure error={error} />
    {error !== undefined && !isForGood(error) && (
      <p class="muted">This page tries again by itself.</p>
    )}
  </>
)

/** Says what was refused, if anything was; announced at once. */
export const Failure = ({ error }: { readonly error: unknown }) =>
  error === undefined ? null : (
    <p class="failure" role="alert" data-testid="failure">
      {failureWords(error)}
    </p>
  )
