import { defineConfig } from 'vitest/config'

/** The browser tests: real Chromium against the one-machine run, one after another. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
})
