import { describe, expect, it } from 'vitest'
import { aliveIndex } from '../../functions/relay/table/alive-index.ts'
import {
  absent,
  all,
  any,
  atLeast,
  contains,
  equal,
  greater,
  less,
  not,
  present,
  sizeAbove,
  type Condition,
} from '../../functions/relay/table/condition.ts'
import type { Item, Query, Table, Value } from '../../functions/relay/table/table.ts'

const key = { pk: 'P#1', sk: 'STATE' }
const ofSk = (sk: string): Item => ({ pk: 'P#1', sk })

/** What every table owes the use cases (functions/relay/table/table.ts). */
export function tableContract(name: string, makeTable: () => Promise<Table>): void {
  describe(`${name} table`, () => {
    values(makeTable)
    conditions(makeTable)
    writes(makeTable)
    pages(makeTable)
    index(makeTable)
    mistakes(makeTable)
  })
}

type Make = () => Promise<Table>

function values(make: Make): void {
  it('gives back what was put, of every type', async () => {
    const table = await make()
    const item = {
      ...key,
      text: 'Ünïcode 🖨 "quotes"',
      empty: '',
      no: false,
      list: ['a', 1, [true], { deep: [] }],
      map: { 'dots.and spaces': { more: 'x' }, none: {} },
      __proto: { constructor: 'c' },
    }
    expect(await table.put(item)).toBe('done')
    expect(await table.get(key)).toEqual(item)
  })

  it.each([
    0,
    -0,
    1,
    -1,
    0.1 + 0.2,
    1 / 3,
    1e21,
    1.5e-7,
    1e125,
    1e-130,
    -1e-130,
    2 ** 53 - 1,
    1_700_000_000_000,
  ])('keeps the number %d', async (number) => {
    const table = await make()
    await table.put({ ...key, number })
    expect((await table.get(key))?.['number']).toBe(number === 0 ? 0 : number)
    expect(await table.put({ ...key, number }, equal('number', number))).toBe('done')
    expect(await table.put({ ...key, number }, atLeast('number', number))).toBe('done')
    expect(await table.put({ ...key, number }, greater('number', number))).toBe('refused')
  })

  it('shares no value with its callers', async () => {
    const table = await make()
    const item = { ...key, map: { a: 1 }, list: [1] }
    await table.put(item)
    item.map.a = 2
    item.list.push(2)
    expect(await table.get(key)).toEqual({ ...key, map: { a: 1 }, list: [1] })
  })

  it('answers undefined where there is no item', async () => {
    expect(await (await make()).get(key)).toBeUndefined()
  })
}

function conditions(make: Make): void {
  const held = {
    ...key,
    n: 5,
    s: 'm',
    yes: true,
    list: ['a', 7],
    map: { x: 1, y: 'b' },
    none: {},
    word: 'list',
  }
  const cases: ReadonlyArray<readonly [string, Condition, boolean]> = [
    ['present', present('n'), true],
    ['present of nothing', present('gone'), false],
    ['present in a map', present(['map', 'x']), true],
    ['absent in a map', absent(['map', 'z']), true],
    ['absent in what is no map', absent(['n', 'z']), true],
    ['absent in what is absent', absent(['gone', 'z']), true],
    ['equal', equal('n', 5), true],
    ['equal of another type', equal('n', '5'), false],
    ['equal of nothing', equal('gone', 5), false],
    ['not equal of nothing', not(equal('gone', 5)), true],
    ['equal boolean', equal('yes', true), true],
    ['equal in a map', equal(['map', 'y'], 'b'), true],
    ['less', less('n', 6), true],
    ['less than itself', less('n', 5), false],
    ['less of another type', less('n', 'z'), false],
    ['not less of another type', not(less('n', 'z')), true],
    ['greater of nothing', greater('gone', 0), false],
    ['greater text', greater('s', 'l'), true],
    ['at least itself', atLeast('s', 'm'), true],
    ['numbers by value', less('n', 10), true],
    ['contains', contains('list', 'a'), true],
    ['contains a number', contains('list', 7), true],
    ['contains by type', contains('list', '7'), false],
    ['contains in a text', contains('word', 'is'), false],
    ['contains in nothing', contains('gone', 'a'), false],
    ['not contains in nothing', not(contains('gone', 'a')), true],
    ['size of a map above', sizeAbove('map', 1), true],
    ['size of a map at', sizeAbove('map', 2), false],
    ['size of a list', sizeAbove('list', 1), true],
    ['size of an empty map', sizeAbove('none', 0), false],
    ['size of nothing', sizeAbove('gone', 0), false],
    ['all', all(equal('n', 5), equal('s', 'm')), true],
    ['all but one', all(equal('n', 5), equal('s', 'x')), false],
    ['all of none', all(), true],
    ['any', any(equal('n', 4), equal('s', 'm')), true],
    ['any of none', any(), false],
    ['one in a group', all(any(all(equal('n', 5)))), true],
    ['not of a group', not(all(equal('n', 5), any(equal('s', 'm'), present('gone')))), false],
    ['not of not', not(not(present('n'))), true],
  ]

  it('decides every kind of condition as DynamoDB does', async () => {
    const table = await make()
    await table.put(held)
    const outcomes: unknown[] = []
    for (const [name, when] of cases) outcomes.push([name, await table.put(held, when)])
    expect(outcomes).toEqual(cases.map(([name, , holds]) => [name, holds ? 'done' : 'refused']))
  })

  it('compares texts by their UTF-8 bytes', async () => {
    const table = await make()
    await table.put({ ...key, s: '\uff5e' })
    expect(await table.put({ ...key, s: '🖨' }, less('s', 'é'))).toBe('refused')
    expect(await table.put({ ...key, s: 'z' }, greater('s', 'é'))).toBe('done')
    expect(await table.put({ ...key, s: 'y' }, less('s', 'é'))).toBe('done')
  })

  it('holds no comparison for an item that is not there', async () => {
    const table = await make()
    expect(await table.put({ ...key, n: 1 }, less('n', 2))).toBe('refused')
    expect(await table.update(key, { set: [['n', 1]] }, present('pk'))).toBe('refused')
    expect(await table.get(key)).toBeUndefined()
    expect(await table.put({ ...key, n: 1 }, any(absent('pk'), less('n', 2)))).toBe('done')
  })
}

function writes(make: Make): void {
  it('replaces the whole item with a put', async () => {
    const table = await make()
    await table.put({ ...key, a: 1 })
    await table.put({ ...key, b: 2 })
    expect(await table.get(key)).toEqual({ ...key, b: 2 })
  })

  it('makes the item with an update', async () => {
    const table = await make()
    expect(await table.update(key, { set: [['a', 1]], remove: ['b'] })).toBe('done')
    expect(await table.get(key)).toEqual({ ...key, a: 1 })
  })

  it('makes an empty item with an update of nothing', async () => {
    const table = await make()
    expect(await table.update(key, {}, absent('pk'))).toBe('done')
    expect(await table.get(key)).toEqual(key)
  })

  it('sets and removes attributes and entries of maps', async () => {
    const table = await make()
    await table.put({ ...key, a: 1, b: 2, map: { x: 1, y: 2 } })
    await table.update(key, {
      set: [
        ['a', { in: [1] }],
        [['map', 'strange.name #1'], 'v'],
      ],
      remove: ['b', ['map', 'x'], ['map', 'never']],
    })
    const map = { y: 2, 'strange.name #1': 'v' }
    expect(await table.get(key)).toEqual({ ...key, a: { in: [1] }, map })
  })

  it('adds to numbers of attributes and of entries', async () => {
    const table = await make()
    await table.put({ ...key, a: 1, map: { x: 2 } })
    await table.update(key, {
      set: [['b', 1]],
      add: [
        ['a', 10],
        [['map', 'x'], -5],
      ],
    })
    expect(await table.get(key)).toEqual({ ...key, a: 11, b: 1, map: { x: -3 } })
  })

  it('leaves everything when an update is refused', async () => {
    const table = await make()
    await table.put({ ...key, a: 1 })
    expect(await table.update(key, { set: [['a', 2]] }, equal('a', 3))).toBe('refused')
    expect(await table.get(key)).toEqual({ ...key, a: 1 })
  })

  it('tells what it deleted, and when there was nothing', async () => {
    const table = await make()
    await table.put({ ...key, a: { b: 1 } })
    expect(await table.delete(key, equal('a', 2))).toEqual({ outcome: 'refused' })
    const was = { ...key, a: { b: 1 } }
    expect(await table.delete(key, present('a'))).toEqual({ outcome: 'done', was })
    expect(await table.delete(key)).toEqual({ outcome: 'absent' })
    expect(await table.delete(key, equal('a', 2))).toEqual({ outcome: 'refused' })
    expect(await table.delete(key, not(equal('a', 2)))).toEqual({ outcome: 'absent' })
    expect(await table.get(key)).toBeUndefined()
  })
}

async function skOf(table: Table, query: Query): Promise<string[]> {
  const { items, after } = await table.query(query)
  const rest = after ? await skOf(table, { ...query, after }) : []
  return [...items.map(({ sk }) => sk), ...rest]
}

function pages(make: Make): void {
  const sks = ['A', 'SUB#1', 'SUB#10', 'SUB#2', 'SUC', 'a', 'é', '\uff5e', '🖨', '😀']
  const filled = async (): Promise<Table> => {
    const table = await make()
    for (const sk of [...sks].reverse()) await table.put(ofSk(sk))
    await table.put({ pk: 'P#10', sk: 'other' })
    return table
  }

  it('orders a partition by the UTF-8 bytes of sk', async () => {
    const table = await filled()
    expect(await skOf(table, { pk: 'P#1' })).toEqual(sks)
    expect(await skOf(table, { pk: 'P#1', newestFirst: true })).toEqual([...sks].reverse())
    expect(await skOf(table, { pk: 'nobody' })).toEqual([])
  })

  it('keeps to a prefix or a start', async () => {
    const table = await filled()
    expect(await skOf(table, { pk: 'P#1', prefix: 'SUB#' })).toEqual(sks.slice(1, 4))
    expect(await skOf(table, { pk: 'P#1', from: 'SUB#2' })).toEqual(sks.slice(3))
    expect(await skOf(table, { pk: 'P#1', from: 'SUB#3' })).toEqual(sks.slice(4))
    expect(await skOf(table, { pk: 'P#1', prefix: 'nothing' })).toEqual([])
    expect(await skOf(table, { pk: 'P#1', prefix: '' })).toEqual(sks)
  })

  it.each([1, 2, 3, 10, 11])('gives pages of at most %d', async (limit) => {
    const table = await filled()
    expect((await table.query({ pk: 'P#1', limit })).items.length).toBe(Math.min(limit, 10))
    expect(await skOf(table, { pk: 'P#1', limit })).toEqual(sks)
    expect(await skOf(table, { pk: 'P#1', limit, newestFirst: true })).toEqual([...sks].reverse())
    expect(await skOf(table, { pk: 'P#1', limit, prefix: 'SUB#' })).toEqual(sks.slice(1, 4))
    const from = { pk: 'P#1', limit, from: 'SUB#2', newestFirst: true }
    expect(await skOf(table, from)).toEqual(sks.slice(3).reverse())
  })

  it('goes on after an item that was deleted meanwhile', async () => {
    const table = await filled()
    const { after } = await table.query({ pk: 'P#1', limit: 2 })
    await table.delete(ofSk('SUB#1'))
    await table.put(ofSk('SUB#11'))
    const rest = await table.query({ pk: 'P#1', limit: 2, ...(after && { after }) })
    expect(rest.items.map(({ sk }) => sk)).toEqual(['SUB#10', 'SUB#11'])
  })
}

function index(make: Make): void {
  const alive = [aliveIndex.attribute, aliveIndex.value] as const
  const aliveKeys = async (table: Table): Promise<string[]> =>
    (await table.alive()).keys.map(({ pk, sk }) => `${pk}/${sk}`).sort()

  it('has in the alive index the items that carry the attribute', async () => {
    const table = await make()
    await table.put({ ...key, n: 1 })
    expect(await aliveKeys(table)).toEqual([])
    await table.update(key, { set: [alive] })
    await table.put({ pk: 'P#2', sk: 'STATE', [aliveIndex.attribute]: aliveIndex.value })
    expect(await aliveKeys(table)).toEqual(['P#1/STATE', 'P#2/STATE'])
    await table.update(key, { remove: [aliveIndex.attribute] })
    await table.delete({ pk: 'P#2', sk: 'STATE' })
    expect(await aliveKeys(table)).toEqual([])
  })
}

function mistakes(make: Make): void {
  const wrong: ReadonlyArray<readonly [string, (table: Table) => Promise<unknown>]> = [
    ['NaN', (table) => table.put({ ...key, n: NaN })],
    ['an endless number', (table) => table.update(key, { set: [['n', Infinity]] })],
    ['a number too small', (table) => table.put({ ...key, n: 1e-131 })],
    ['null', (table) => table.put({ ...key, n: null as unknown as string })],
    ['undefined', (table) => table.put({ ...key, n: [undefined as unknown as string] })],
    [
      'a name of JavaScript',
      (table) => table.put({ ...key, m: JSON.parse('{"__proto__":1}') as Value }),
    ],
    ['an entry so named', (table) => table.update(key, { set: [[['m', '__proto__'], 1]] })],
    ['an empty key', (table) => table.get({ pk: '', sk: 'x' })],
    ['a long key', (table) => table.put({ pk: 'x', sk: 'é'.repeat(513) })],
    ['a change of the key', (table) => table.update(key, { set: [['sk', 'x']] })],
    ['a path twice', (table) => table.update(key, { set: [['a', 1]], remove: ['a'] })],
    [
      'a map and its entry',
      (table) => table.update(key, { set: [['a', {}]], remove: [['a', 'b']] }),
    ],
    ['adding to nothing', (table) => table.update(key, { add: [['gone', 1]] })],
    ['adding to what is set', (table) => table.update(key, { set: [['n', 1]], add: [['n', 1]] })],
    ['an entry of no map', (table) => table.update(key, { set: [[['n', 'x'], 1]] })],
    ['an entry of nothing', (table) => table.update(key, { set: [[['gone', 'x'], 1]] })],
    ['removing of no map', (table) => table.update(key, { remove: [['gone', 'x']] })],
    ['an alive that is no text', (table) => table.put({ ...key, alive: 1 })],
    ['a limit of none', (table) => table.query({ pk: 'x', limit: 0 })],
    ['a prefix with a start', (table) => table.query({ pk: 'x', prefix: 'a', from: 'b' })],
  ]

  it.each(wrong)('refuses %s as invalid and writes nothing', async (_, act) => {
    const table = await make()
    const held = { ...key, n: 1 }
    await table.put(held)
    await expect(act(table)).rejects.toMatchObject({ code: 'invalid', retryable: false })
    expect(await table.get(key)).toEqual(held)
  })
}
