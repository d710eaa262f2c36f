import { runAccountCommand } from './run/account-command.ts'
import { tellMistake } from './run/tell-mistake.ts'

const terminal = {
  input: process.stdin,
  interactive: process.stdin.isTTY,
  say: (text: string) => void process.stderr.write(text),
}

runAccountCommand(process.argv.slice(2), terminal)
  .then((lines) => process.stdout.write(lines.map((line) => `${line}\n`).join('')))
  .catch((error: unknown) => {
    process.exitCode = tellMistake(error)
  })
