import { percent } from './format.ts'

export const ProgressBar = ({ completion }: { readonly completion: number }) => (
  <progress
    class="progress"
    max={100}
    value={completion}
    aria-label="Progress"
    aria-valuetext={percent(completion)}
  >
    {percent(completion)}
  </progress>
)
