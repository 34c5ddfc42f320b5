import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { cesiumFiles } from './scripts/cesiumFiles.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const external = ['electron', /^electron\//, /^node:/, ...builtinModules];

/** A bundle that runs in Node: everything but Electron and Node itself is inlined, so that the packaged app needs no node_modules. */
const nodeBuild = (input: string, outDir: string, format: 'es' | 'cjs', extension: string, emptyOutDir = true) => ({
  consumer: 'server' as const,
  resolve: { conditions: ['node', 'import', 'module', 'default'], noExternal: true as const, external: ['electron'] },
  build: {
    outDir: join(here, outDir),
    emptyOutDir,
    target: 'node24',
    minify: false,
    sourcemap: true,
    copyPublicDir: false,
    rolldownOptions: {
      input: join(here, input),
      external,
      output: { format, entryFileNames: `[name].${extension}`, codeSplitting: false },
    },
  },
});

export default defineConfig({
  root: join(here, 'renderer'),
  base: './',
  plugins: [vue(), cesiumFiles()],
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'gateway', 'journalThread', 'trackThread', 'reachThread', 'main', 'host', 'preload']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
  environments: {
    client: {
      build: {
        outDir: join(here, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome140',
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 6000,
      },
    },
    gateway: nodeBuild('gateway/main.ts', 'dist/gateway', 'es', 'js'),
    // Beside the gateway, which starts it as a worker thread.
    journalThread: nodeBuild('gateway/journal/journalThread.ts', 'dist/gateway', 'es', 'js', false),
    trackThread: nodeBuild('gateway/tracks/trackThread.ts', 'dist/gateway', 'es', 'js', false),
    reachThread: nodeBuild('gateway/reach/reachThread.ts', 'dist/gateway', 'es', 'js', false),
    main: nodeBuild('electron/main.ts', 'dist/main', 'es', 'js'),
    host: nodeBuild('electron/gatewayHost.ts', 'dist/host', 'es', 'js'),
    preload: nodeBuild('electron/preload.ts', 'dist/preload', 'cjs', 'cjs'),
  },
  test: {
    root: here,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/{unit,contract,integration}/**/*.test.ts'],
          exclude: ['test/unit/renderer/**'],
        },
      },
      { extends: true, test: { name: 'renderer', environment: 'happy-dom', include: ['test/unit/renderer/**/*.test.ts'] } },
    ],
  },
});
