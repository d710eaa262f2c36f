import type { ViewerConfig } from '../../protocol/rest.ts'
import { buildViewer } from '../../viewer/build.ts'
import { securityHeaders } from '../../viewer/security-headers.ts'
import type { Issuer } from '../issuer/create-issuer.ts'
import type { Handle } from './front.ts'
import { staticFiles } from './static-files.ts'

interface PagesDeps {
  readonly origin: string
  /** The path of the WebSocket, without slashes. */
  readonly stage: string
  readonly issuer: Issuer
  readonly outDir: string
}

/** The viewer's files, built anew at each start, and `/config.json`: where it finds everything. */
export const pages = async ({
  origin,
  stage,
  issuer,
  outDir,
}: PagesDeps): Promise<{ files: Handle; config: Handle }> => {
  const socketOrigin = origin.replace(/^http/, 'ws')
  const headers = securityHeaders(
    { api: origin, socket: socketOrigin, issuer: origin },
    origin.startsWith('https:'),
  )
  const config: ViewerConfig = {
    api: origin,
    socket: `${socketOrigin}/${stage}`,
    oidc: {
      authority: `${origin}/oidc`,
      clientId: issuer.clientId,
      scope: `openid profile email offline_access ${issuer.scope}`,
      token: 'access',
    },
  }
  const text = JSON.stringify(config)
  const head = { ...headers, 'content-type': 'application/json', 'cache-control': 'no-cache' }
  await buildViewer({ outDir, minify: true })
  return {
    files: staticFiles(outDir, headers),
    config: (_request, response) => void response.writeHead(200, head).end(text),
  }
}
