/** What was opened, ended in the opposite order, each once and whatever the others do. */
export const createTeardown = (failed: (error: unknown) => void) => {
  const steps: Array<() => Promise<void>> = []
  return {
    add(step: () => Promise<void>): void {
      steps.push(step)
    },
    async run(): Promise<void> {
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step()
        } catch (error) {
          failed(error)
        }
      }
    },
  }
}
export type Teardown = ReturnType<typeof createTeardown>
