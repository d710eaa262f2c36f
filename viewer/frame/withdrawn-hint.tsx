/** Says, until it was read, why there is less to see. */
export const WithdrawnHint = ({ told }: { readonly told: () => void }) => (
  <div class="hint dismissible" role="status" data-testid="withdrawn">
    <p>
      Your right to watch something was withdrawn, or a printer was removed. This is what is left.
    </p>
    <button type="button" class="plain small" onClick={told}>
      OK
    </button>
  </div>
)
