import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The import table of docs/architecture.md: each row is broken on purpose, in a copy, and its rule must say so. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['protocol', 'gateway', 'electron', 'renderer'];

interface Planted {
  rule: string;
  file: string;
  source: string;
}
const inVue = (script: string) => `<script setup lang="ts">\n${script}\n</script>\n<template><p /></template>\n`;
const plant = (rule: string, file: string, source: string): Planted => ({
  rule,
  file,
  source: file.endsWith('.vue') ? inVue(source) : source,
});

const VIOLATIONS: readonly Planted[] = [
  plant('protocol-imports', 'protocol/planted1.ts', `import { WebSocket } from 'ws';\nexport const planted = WebSocket;`),
  plant('protocol-imports', 'protocol/planted2.ts', `import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;`),
  plant('protocol-imports', 'protocol/planted3.ts', `import type { Clock } from '../gateway/clock.ts';\nexport type Planted = Clock;`),
  plant('gateway-imports', 'gateway/planted1.ts', `import { app } from 'electron';\nexport const planted = app;`),
  plant('gateway-imports', 'gateway/desk/planted2.ts', `import { ref } from 'vue';\nexport const planted = ref;`),
  plant(
    'gateway-imports',
    'gateway/planted3.ts',
    `import type { WallConfig } from '../electron/bridge.ts';\nexport type Planted = WallConfig;`,
  ),
  plant(
    'gateway-imports',
    'gateway/feed/planted4.ts',
    `import { createTrackTable } from '../../renderer/feed/trackTable.ts';\nexport const planted = createTrackTable;`,
  ),
  plant(
    'electron-imports',
    'electron/app/planted1.ts',
    `import { createClock } from '../../gateway/clock.ts';\nexport const planted = createClock;`,
  ),
  plant('electron-imports', 'electron/app/planted2.ts', `import { z } from 'zod';\nexport const planted = z;`),
  plant(
    'electron-imports',
    'electron/app/planted3.ts',
    `import type { Clock } from '../../gateway/clock.ts';\nexport type Planted = Clock;`,
  ),
  plant('feed-imports', 'renderer/feed/planted1.ts', `import { ref } from 'vue';\nexport const planted = ref;`),
  plant('feed-imports', 'renderer/feed/planted2.ts', `import type { Ref } from 'vue';\nexport type Planted = Ref;`),
  plant(
    'feed-imports',
    'renderer/feed/planted3.ts',
    `import { useFeedStore } from '../state/feedStore.ts';\nexport const planted = useFeedStore;`,
  ),
  plant(
    'page-without-zod',
    'renderer/feed/planted4.ts',
    `import { messages } from '../../protocol/messages/index.ts';\nexport const planted = messages;`,
  ),
  plant('page-without-zod', 'renderer/planted5.ts', `import { z } from 'zod';\nexport const planted = z;`),
  plant(
    'page-safe-protocol-takes-only-types',
    'protocol/generated/planted6.ts',
    `import { messages } from '../messages/index.ts';\nexport const planted = messages;`,
  ),
  plant('state-imports', 'renderer/state/planted1.ts', `import { init } from 'echarts/core';\nexport const planted = init;`),
  plant('state-imports', 'renderer/state/planted2.ts', `import type { TownMap } from '../map/townMap.ts';\nexport type Planted = TownMap;`),
  plant(
    'state-takes-only-types-of-the-feed',
    'renderer/state/planted3.ts',
    `import { createTrackTable } from '../feed/trackTable.ts';\nexport const planted = createTrackTable;`,
  ),
  plant(
    'map-imports',
    'renderer/map/planted1.ts',
    `import { useUnitStore } from '../state/unitStore.ts';\nexport const planted = useUnitStore;`,
  ),
  plant('map-imports', 'renderer/map/layers/planted2.ts', `import { ref } from 'vue';\nexport const planted = ref;`),
  plant('map-imports', 'renderer/map/PlantedView.vue', `import { useUnitStore } from '../state/unitStore.ts';\nuseUnitStore();`),
  plant('map-bridge-imports', 'renderer/map/MapView.vue', `import EChart from '../charts/EChart.vue';\nvoid EChart;`),
  plant(
    'media-imports',
    'renderer/media/planted1.ts',
    `import { useUnitStore } from '../state/unitStore.ts';\nexport const planted = useUnitStore;`,
  ),
  plant(
    'media-imports',
    'renderer/media/Planted2.vue',
    `import type { TownMap } from '../map/townMap.ts';\ndefineProps<{ map: TownMap }>();`,
  ),
  plant(
    'charts-imports',
    'renderer/charts/planted1.ts',
    `import { useUnitStore } from '../state/unitStore.ts';\nexport const planted = useUnitStore;`,
  ),
  plant(
    'charts-imports',
    'renderer/charts/Planted2.vue',
    `import type { Incident } from '../../protocol/messages/index.ts';\ndefineProps<{ incident: Incident }>();`,
  ),
  plant(
    'panels-imports',
    'renderer/panels/Planted1.vue',
    `import { createTrackTable } from '../feed/trackTable.ts';\nvoid createTrackTable;`,
  ),
  plant('panels-imports', 'renderer/panels/Planted2.vue', `import MapView from '../map/MapView.vue';\nvoid MapView;`),
  plant('panel-never-another-panel', 'renderer/panels/Planted3.vue', `import QueuePanel from './QueuePanel.vue';\nvoid QueuePanel;`),
  plant('panel-never-another-panel', 'renderer/panels/parts/Planted4.vue', `import QueuePanel from '../QueuePanel.vue';\nvoid QueuePanel;`),
  plant(
    'composables-imports',
    'renderer/composables/planted1.ts',
    `import { createMap } from '../map/createMap.ts';\nexport const planted = createMap;`,
  ),
  plant('keys-imports', 'renderer/keys/planted1.ts', `import { createMap } from '../map/createMap.ts';\nexport const planted = createMap;`),
  plant(
    'i18n-imports',
    'renderer/i18n/planted1.ts',
    `import { useUiStore } from '../state/uiStore.ts';\nexport const planted = useUiStore;`,
  ),
  plant(
    'theme-imports',
    'renderer/theme/planted1.ts',
    `import { useUiStore } from '../state/uiStore.ts';\nexport const planted = useUiStore;`,
  ),
  plant(
    'page-never-the-other-side',
    'renderer/planted1.ts',
    `import { createClock } from '../gateway/clock.ts';\nexport const planted = createClock;`,
  ),
  plant(
    'page-never-the-other-side',
    'renderer/planted2.ts',
    `import type { Clock } from '../gateway/clock.ts';\nexport type Planted = Clock;`,
  ),
  plant('page-without-node', 'renderer/planted3.ts', `import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;`),
  plant(
    'product-never-tests-or-scripts',
    'gateway/planted5.ts',
    `import { findBrowser } from '../scripts/findBrowser.ts';\nexport const planted = findBrowser;`,
  ),
  plant('imports-exist', 'renderer/planted4.ts', `import { nothing } from 'no-such-package';\nexport const planted = nothing;`),
  plant('no-circular', 'gateway/plantedA.ts', `import { b } from './plantedB.ts';\nexport const a = (): number => b() + 1;`),
];

/** The other half of the planted circle, which is reported at one of its ends. */
const SUPPORT: readonly Planted[] = [
  plant('', 'gateway/plantedB.ts', `import { a } from './plantedA.ts';\nexport const b = (): number => a() + 1;`),
];

/** What the table allows, close to what it forbids: no rule may say a word. */
const ALLOWED: readonly Planted[] = [
  plant('', 'protocol/allowed1.ts', `import { z } from 'zod';\nexport const allowed = z;`),
  plant(
    '',
    'gateway/allowed1.ts',
    `import { readFileSync } from 'node:fs';\nimport { messages } from '../protocol/messages/index.ts';\nexport const allowed = [readFileSync, messages];`,
  ),
  plant(
    '',
    'electron/allowed1.ts',
    `import { app } from 'electron';\nimport { join } from 'node:path';\nexport const allowed = [app, join];`,
  ),
  plant('', 'renderer/feed/allowed1.ts', `import type { Unit } from '../../protocol/messages/index.ts';\nexport type Allowed = Unit;`),
  plant('', 'renderer/state/allowed1.ts', `import type { TrackTable } from '../feed/trackTable.ts';\nexport type Allowed = TrackTable;`),
  plant(
    '',
    'renderer/panels/Allowed1.vue',
    `import type { Unit } from '../../protocol/messages/index.ts';\nimport { useUnitStore } from '../state/unitStore.ts';\ndefineProps<{ unit: Unit }>();\nuseUnitStore();`,
  ),
  plant('', 'renderer/allowed1.ts', `import type { WallConfig } from '../electron/bridge.ts';\nexport type Allowed = WallConfig;`),
  plant('', 'gateway/allowedA.ts', `import type { B } from './allowedB.ts';\nexport interface A { b: B | null }`),
  plant('', 'gateway/allowedB.ts', `import type { A } from './allowedA.ts';\nexport interface B { a: A | null }`),
];

let copy = '';
let found: { rule: string; from: string }[] = [];

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'wanglou-architecture-'));
  for (const path of [...FOLDERS, 'scripts', '.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json'])
    cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const { file, source } of [...VIOLATIONS, ...SUPPORT, ...ALLOWED]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), `${source}\n`);
  }
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cli, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS];
  const report = await new Promise<string>((resolve, reject) => {
    // Violations make it exit non-zero; without a report it did not run.
    execFile(process.execPath, args, { cwd: copy, maxBuffer: 256 * 1024 * 1024 }, (_error, stdout, stderr) =>
      stdout === '' ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
  const { summary } = JSON.parse(report) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  found = summary.violations.map(({ from, rule }) => ({ rule: rule.name, from }));
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the import table', () => {
  it.each(VIOLATIONS.map(({ rule, file }) => [rule, file] as const))('%s catches %s', (rule, file) => {
    expect(found).toContainEqual({ rule, from: file });
  });
  it.each(ALLOWED.map(({ file }) => file))('lets %s pass', (file) => {
    expect(found.filter(({ from }) => from === file)).toEqual([]);
  });
  it('is broken by nothing but what was planted', () => {
    const planted = new Set(VIOLATIONS.map(({ file }) => file));
    expect(found.filter(({ from }) => !planted.has(from))).toEqual([]);
  });
  it('has a planted violation for every rule', () => {
    const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
    const names = new Set(VIOLATIONS.map(({ rule }) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });
});
