import { statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import sirv from 'sirv';

const notBuilt = `<!doctype html><html lang="zh"><meta charset="utf-8"><title>Wanglou</title>
<body style="font:16px system-ui;margin:4rem;background:#0b1622;color:#dbe7f3"><h1>望楼</h1>
<p>界面尚未构建：请运行 <code>npm run build</code>，然后刷新本页。</p>
<p>renderer not built: run <code>npm run build</code>, then reload this page.</p></body></html>`;

/**
 * sirv pipes a file and looks no further: one that a new build has just removed would end the process with an unheard error, and one
 * whose reader went away would stay open.
 */
function guardPipe(response: ServerResponse): void {
  response.once('pipe', (file: Readable) => {
    file.on('error', () => response.destroy());
    response.once('close', () => file.destroy());
  });
}

/** Serves the built renderer; a build that appears or changes while the gateway runs is picked up. */
export function createRendererFiles(directory: string) {
  const index = join(directory, 'index.html');
  let serve: ReturnType<typeof sirv> | null = null;
  let builtAtMs = 0;
  return (request: IncomingMessage, response: ServerResponse): void => {
    const atMs = statSync(index, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (atMs !== builtAtMs) {
      // sirv reads the folder once; files with a hash in their name never change.
      serve =
        atMs === 0
          ? null
          : sirv(directory, {
              etag: true,
              setHeaders: (reply, path) =>
                reply.setHeader('Cache-Control', /-[\w-]{8,}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
            });
      // Only now: a folder that could not be read is read again with the next request.
      builtAtMs = atMs;
    }
    if (serve) {
      // Whole files only, as RFC 9110 section 14.2 allows: sirv throws at a range that ends before it begins.
      delete request.headers.range;
      guardPipe(response);
      serve(request, response, () => {
        response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
      });
      return;
    }
    const isPage = (request.url ?? '/').split('?')[0] === '/';
    response.writeHead(isPage ? 503 : 404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : notBuilt);
  };
}
