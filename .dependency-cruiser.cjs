// The import table of docs/architecture.md as rules. test/unit/architecture.test.ts plants violations and expects each to be caught.
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: `^(${from})/`, ...extra.from },
  to: { pathNot: [`^(${from})/`, ...allowed.map((a) => `^${a}`)], dependencyTypesNot: extra.core ? ['core'] : [] },
});
const npm = (...names) => names.map((n) => `node_modules/(${n})(/|$)`);

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    only('protocol-imports-zod-only', 'protocol', npm('zod')),
    only(
      'gateway-imports',
      'gateway',
      ['protocol/', ...npm('zod', 'ws', '@types/ws', 'uuid', 'sirv', 'ngraph\\.graph', 'ngraph\\.path', 'rbush')],
      { core: true },
    ),
    only('electron-imports', 'electron', ['protocol/', ...npm('electron')], { core: true }),
    only('feed-imports', 'renderer/feed', ['protocol/']),
    { name: 'feed-protocol-types-only', severity: 'error', from: { path: '^renderer/feed/' }, to: { path: '^node_modules/zod' } },
    only('state-imports', 'renderer/state', ['protocol/', ...npm('vue', '@vue/.*', 'pinia')]),
    only('map-imports', 'renderer/map', ['protocol/', 'renderer/feed/', ...npm('@cesium/engine', 'suncalc')], {
      from: { pathNot: '^renderer/map/MapView\\.vue$' },
    }),
    only('media-imports', 'renderer/media', ['protocol/', ...npm('vue', '@vue/.*')]),
    only('charts-imports', 'renderer/charts', npm('echarts', 'zrender', 'vue', '@vue/.*')),
    only('panels-imports', 'renderer/panels', [
      'protocol/',
      'renderer/(composables|state|charts|media|i18n)/',
      ...npm('vue', '@vue/.*', 'vue-i18n', 'pinia'),
    ]),
    {
      name: 'panel-never-another-panel',
      severity: 'error',
      from: { path: '^renderer/panels/.+\\.vue$' },
      to: { path: '^renderer/panels/[A-Z].+\\.vue$' },
    },
    { name: 'renderer-no-node', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'zod-stays-out-of-the-page',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: 'node_modules/zod', reachable: false },
    },
  ],
  options: {
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
