import { integerAt } from './synthetic-noise.ts'

/** A file as `/api/job` tells of it; `size` in bytes, `date` in Unix seconds. */
export type SyntheticFile = {
  readonly name: string
  readonly path: string
  readonly size: number
  readonly date: number
}

// Names as people give them: spaces, scripts, directions, emoji, lengths.
const paths = [
  'benchy_0.2mm_PLA_MK3S.gcode',
  'Ersatzteile/Zahnrad größer – 20 Zähne (v3).gcode',
  '花瓶_螺旋_0.3mm.gcode',
  'чехол для телефона.gcode',
  'cable clip.gcode',
  'ภาชนะ/กล่องใส่ของ.gcode',
  'قاعدة المصباح.gcode',
  '🐙 articulated octopus.gcode',
  'Étagère d’angle — pièce 2.gcode',
  'מחזיק מפתחות.gcode',
  'गमला_छोटा.gcode',
  'A very long name that somebody typed for a part nobody will ever print a second time 0.12mm.gcode',
] as const

/** When the first file was uploaded (Unix s). Fixed: the same seed gives the same answers. */
const firstUpload = 1_780_000_000

/** The file of a job that prints for `printMs`; longer prints have larger files. */
export const fileOfJob = (seed: number, job: number, printMs: number): SyntheticFile => {
  const index = ((job % paths.length) + paths.length) % paths.length
  const path = paths[index] ?? paths[0]
  const bytesPerSecond = integerAt(900, 3200, seed, 21, job)
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    size: Math.round((printMs / 1000) * bytesPerSecond) + integerAt(400, 4000, seed, 22, job),
    date: firstUpload + job * 3600 + integerAt(0, 3599, seed, 23, job),
  }
}
