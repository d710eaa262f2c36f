import type { ConfigMistake } from '../errors.ts'

/** A settings file as it was found; `mode` is its permission bits. */
export interface FoundFile {
  readonly path: string
  readonly text: string
  readonly mode: number
}

export type Tree = Readonly<Record<string, unknown>>
export interface FileSettings {
  readonly tree: Tree
  readonly mistakes: readonly ConfigMistake[]
  readonly warnings: readonly string[]
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A group of settings inside the file, or nothing when it is absent or odd. */
export const groupOf = (tree: Tree, name: string): Tree => {
  const value = Object.hasOwn(tree, name) ? tree[name] : undefined
  return isTree(value) ? value : {}
}

/** Reads the text of a settings file. The parser's own message is not told: it quotes the text. */
export const parseConfigFile = ({ path, text, mode }: FoundFile): FileSettings => {
  const bad = (message: string): FileSettings => ({
    tree: {},
    mistakes: [{ path, origin: 'file', message }],
    warnings: [],
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad('is not JSON: look for a missing quote or comma')
  }
  if (!isTree(value)) return bad('is not a JSON object of settings')
  return { tree: value, mistakes: [], warnings: tooOpen(path, mode, value) }
}

const tooOpen = (path: string, mode: number, tree: Tree): string[] => {
  const secrets =
    groupOf(tree, 'relay')['token'] !== undefined ||
    groupOf(tree, 'octoprint')['apiKey'] !== undefined
  if (!secrets || (mode & 0o077) === 0) return []
  return [`${path} holds secrets and others may use it (mode ${octal(mode)}): chmod 600 it`]
}

const octal = (mode: number) => (mode & 0o777).toString(8).padStart(3, '0')
