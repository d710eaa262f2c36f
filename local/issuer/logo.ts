import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const icon = readFileSync(join(import.meta.dirname, '../../viewer/icon.svg'), 'utf8')

/** The viewer's icon as part of a page, whose policy lets it load nothing. */
export const logo = icon.trim().replace('<svg ', '<svg class="logo" aria-hidden="true" ')
