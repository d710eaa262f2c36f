/** The part of dynalite 4 that is used here; the package brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http'

  export default function dynalite(options: {
    /** Folder of the LevelDB; in memory when absent. */
    path?: string
    /** How long tables stay in CREATING, in ms. */
    createTableMs?: number
  }): Server
}
