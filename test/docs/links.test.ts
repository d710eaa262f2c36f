import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  )
const pages = ['README.md', 'CHANGELOG.md', ...filesIn('docs').filter((f) => f.endsWith('.md'))]
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  )

/** Links to somewhere inside the project: page or file, and the heading they name. */
const linksIn = (page: string) =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#')
      return { target, path: path === '' ? page : normalize(join(dirname(page), path)), anchor }
    })

describe.each(pages)('%s', (page) => {
  it('links to what is there', () => {
    const broken = linksIn(page).filter(
      ({ path, anchor }) =>
        !existsSync(join(root, path)) ||
        (anchor !== undefined && path.endsWith('.md') && !anchorsOf(path).includes(anchor)),
    )
    expect(broken.map(({ target }) => target)).toEqual([])
  })

  it('names only files of the project that are there', () => {
    const rooms = 'protocol|agent|functions|client|viewer|lib|bin|local|test|bench|docs'
    const named = [...textOf(page).matchAll(new RegExp(`\`((?:${rooms})/[\\w./-]+)\``, 'g'))]
    const missing = named
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(root, path)))
    expect(missing).toEqual([])
  })
})

it('the decisions name tests that are there', () => {
  const decisions = pages
    .filter((page) => page.startsWith('docs/decisions/'))
    .map(textOf)
    .join('')
  const tests = filesIn('test').map((path) => `/${path}`)
  const named = [...decisions.matchAll(/`([\w./-]+\.test\.tsx?)`/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !tests.some((path) => path.endsWith(`/${name}`)))).toEqual([])
})

it('the architecture says why each dependency is there', () => {
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !name.startsWith('@types/'),
  )
  const text = textOf('docs/ARCHITECTURE.md')
  expect(names.filter((name) => !new RegExp(`[|, ]${name}[ ,|(]`).test(text))).toEqual([])
})
