import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/**
 * `npm test`: every check in turn, each part's time at the end, and how many tests ran. All parts
 * run even when one fails, so that one run tells all there is to mend.
 */
interface Part {
  readonly name: string
  readonly command: readonly string[]
  /** Whether the part is a run of vitest, whose tests are counted. */
  readonly counted: boolean
}

const parts: readonly Part[] = [
  { name: 'types', command: ['tsc', '--noEmit'], counted: false },
  { name: 'lint', command: ['eslint', '.'], counted: false },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], counted: false },
  { name: 'tests', command: ['vitest', 'run'], counted: true },
  {
    name: 'browser',
    command: ['vitest', 'run', '--config', 'vitest.browser.config.ts'],
    counted: true,
  },
]

interface Count {
  readonly passed: number
  readonly failed: number
  /** Which tests, so that the last lines of a log are enough. */
  readonly titles: readonly string[]
}

const run = (command: readonly string[]) =>
  new Promise<number>((resolve) => {
    const [program = '', ...args] = command
    const path = `${join(process.cwd(), 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`
    const child = spawn(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path },
    })
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })

const readCount = (file: string): Count => {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report
  const titles = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    const where = relative(process.cwd(), name)
    if (failed.length === 0 && message) return [`${where}: ${message}`]
    return failed.map(({ fullName, failureMessages: [why = ''] }) => {
      const [line = ''] = why.split('\n', 1)
      return `${where}: ${fullName}: ${line}`
    })
  })
  return { passed: report.numPassedTests, failed: report.numFailedTests, titles }
}

/** What is read of vitest's JSON report. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

interface Result {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
  readonly count: Count
}

const runPart = async ({ name, command, counted }: Part, folder: string): Promise<Result> => {
  console.log(`\n== ${name}: ${command.join(' ')}`)
  const started = performance.now()
  const file = join(folder, `${name}.json`)
  const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run(counted ? [...command, ...report] : command)
  const seconds = (performance.now() - started) / 1000
  const none = { passed: 0, failed: 0, titles: [] }
  return { name, ok: code === 0, seconds, count: counted ? safeCount(file) : none }
}

/** A run that died before its report counts as one failure. */
const safeCount = (file: string): Count => {
  try {
    return readCount(file)
  } catch {
    return { passed: 0, failed: 1, titles: [`${file} was not written`] }
  }
}

const only = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-test-'))
const results: Result[] = []
for (const part of parts)
  if (only.length === 0 || only.includes(part.name)) results.push(await runPart(part, folder))
rmSync(folder, { recursive: true })

console.log(`\nNode ${process.version}`)
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s`)
for (const title of results.flatMap(({ count }) => count.titles)) console.log(`failed: ${title}`)
const sum = (pick: (count: Count) => number) =>
  results.reduce((total, { count }) => total + pick(count), 0)
console.log(`${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`)
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
