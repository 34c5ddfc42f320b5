// The import table of docs/architecture.md as rules. test/unit/architecture.test.ts plants violations and expects each to be caught.
// Types count as imports: an interface that reaches across rooms ties them together as a function does.

/** Files under `folder` may import their own folder and what is listed, nothing else. */
const only = (name, folder, allowed, { core = false, except = [] } = {}) => ({
  name,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: except },
  to: { pathNot: [`^${folder}/`, ...allowed], ...(core ? { dependencyTypesNot: ['core'] } : {}) },
});
const npm = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);
const vue = npm('vue', '@vue/[^/]+');
/** Free of zod at run time, so that the page may take more than types from them. */
const PAGE_SAFE_PROTOCOL = ['^protocol/generated/', '^protocol/frames/positionBinary\\.ts$', '^protocol/(clocks|figures)/'];
const MAP_BRIDGE = '^renderer/map/MapView\\.vue$';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'imports-exist', severity: 'error', from: {}, to: { couldNotResolve: true } },

    only('protocol-imports', 'protocol', npm('zod')),
    only(
      'gateway-imports',
      'gateway',
      [
        '^protocol/',
        // For its version alone.
        '^package\\.json$',
        ...npm('zod', 'ws', '@types/ws', 'uuid', 'sirv', 'rbush'),
        ...npm('gcoord', 'mqtt', 'mqtt-packet', '@nats-io/[^/]+', 'fast-xml-parser', 'prom-client'),
      ],
      {
        core: true,
      },
    ),
    only('electron-imports', 'electron', ['^protocol/', ...npm('electron')], { core: true }),

    only('feed-imports', 'renderer/feed', ['^protocol/']),
    only('state-imports', 'renderer/state', ['^protocol/', '^renderer/feed/', ...npm('pinia'), ...vue]),
    {
      name: 'state-takes-only-types-of-the-feed',
      severity: 'error',
      from: { path: '^renderer/state/' },
      to: { path: '^renderer/feed/', dependencyTypesNot: ['type-only'] },
    },
    only('map-imports', 'renderer/map', ['^protocol/', '^renderer/feed/', ...npm('@cesium/engine', 'suncalc')], { except: [MAP_BRIDGE] }),
    {
      name: 'map-bridge-imports',
      severity: 'error',
      from: { path: MAP_BRIDGE },
      to: { pathNot: ['^renderer/map/', '^renderer/state/', '^renderer/feed/', '^protocol/', ...vue] },
    },
    only('media-imports', 'renderer/media', ['^protocol/', ...vue]),
    only('charts-imports', 'renderer/charts', [...npm('echarts', 'zrender'), ...vue]),
    only('panels-imports', 'renderer/panels', [
      '^protocol/',
      '^renderer/(composables|state|charts|media)/',
      ...npm('pinia', 'vue-i18n', '@intlify/[^/]+'),
      ...vue,
    ]),
    {
      name: 'panel-never-another-panel',
      severity: 'error',
      from: { path: '^renderer/panels/', pathNot: '^renderer/panels/index\\.ts$' },
      to: { path: '^renderer/panels/[^/]+\\.vue$' },
    },
    only('composables-imports', 'renderer/composables', [
      '^protocol/',
      '^renderer/(state|media|keys|feed)/',
      ...npm('pinia', 'vue-i18n', '@intlify/[^/]+'),
      ...vue,
    ]),
    only('keys-imports', 'renderer/keys', ['^protocol/', '^renderer/(state|composables)/', ...vue]),
    only('i18n-imports', 'renderer/i18n', npm('vue-i18n', '@intlify/[^/]+')),
    only('theme-imports', 'renderer/theme', npm('@fontsource-variable/noto-sans-sc')),

    {
      name: 'page-never-the-other-side',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(gateway|electron|scripts|test|scenes)/', pathNot: '^electron/bridge\\.ts$' },
    },
    { name: 'page-without-node', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'page-without-zod',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^protocol/', ...npm('zod')], pathNot: PAGE_SAFE_PROTOCOL, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'page-safe-protocol-takes-only-types',
      severity: 'error',
      from: { path: PAGE_SAFE_PROTOCOL },
      to: { pathNot: PAGE_SAFE_PROTOCOL, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-never-tests-or-scripts',
      severity: 'error',
      from: { path: '^(protocol|gateway|electron|renderer)/' },
      to: { path: '^(scripts|test)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
