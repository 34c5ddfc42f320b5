import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

const engine = dirname(createRequire(import.meta.url).resolve('@cesium/engine/package.json'));
/** What Cesium asks for at run time, by the folder name in its URL. */
const ROOTS = {
  Workers: join(engine, 'Build/Workers'),
  ThirdParty: join(engine, 'Source/ThirdParty'),
  Assets: join(engine, 'Source/Assets'),
};
/** The wall draws its own sky and ground: 10 MB of star maps, moon and imagery stay out. */
const LEFT_OUT = /^Assets\/(Textures\/(SkyBox|NaturalEarthII|maki|moonSmall|waterNormals)|IAU2006_XYS)/;
const DEBUG_BLOCK = /\/\/>>includeStart\('debug', pragmas\.debug\);?[\s\S]*?\/\/>>includeEnd\('debug'\);?/g;
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? walk(join(folder, e.name)) : [join(folder, e.name)],
  );
}

function listFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, folder] of Object.entries(ROOTS)) {
    if (!existsSync(folder)) continue;
    for (const file of walk(folder)) {
      const url = `${name}/${relative(folder, file).split(sep).join('/')}`;
      if (!LEFT_OUT.test(url) && !(name === 'Workers' && extname(file) !== '.js')) files.set(url, file);
    }
  }
  return files;
}

/** Cesium's workers and assets are files, not modules: served in development, copied into the build. Its debug checks are stripped. */
export function cesiumFiles(): Plugin {
  return {
    name: 'cesium-files',
    enforce: 'pre',
    config: () => ({ define: { CESIUM_BASE_URL: JSON.stringify('./cesium/') } }),
    transform(code, id) {
      if (!id.includes('/@cesium/') || !code.includes('pragmas.debug')) return undefined;
      return { code: code.replace(DEBUG_BLOCK, ''), map: null };
    },
    configureServer(server) {
      const files = listFiles();
      server.middlewares.use('/cesium', (request, response, next) => {
        const file = files.get(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '').slice(1));
        if (file === undefined || !statSync(file).isFile()) return next();
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
        createReadStream(file).pipe(response);
      });
    },
    generateBundle() {
      if (this.environment.name !== 'client') return;
      for (const [url, file] of listFiles()) this.emitFile({ type: 'asset', fileName: `cesium/${url}`, source: readFileSync(file) });
    },
  };
}
