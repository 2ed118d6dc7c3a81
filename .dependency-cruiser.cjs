/** Who may import whom (ARCHITECTURE.md, "Rooms"). */
const may = {
  /** Tiny helpers that know nothing of the product: everybody may use them. */
  base: [],
  disk: [],
  vault: ['disk'],
  tokens: [],
  policy: [],
  /** Facts about packages: advisories, severities, licences; versions are ordered as policies order them. */
  curation: ['policy', 'disk'],
  /** What may be connected to, and how: addresses, certificates, proxies. */
  network: ['tokens'],
  /** Is handed to the vault, so it knows what a domain is; nothing else of it. */
  organization: ['tokens', 'policy', 'network', 'vault/domain.ts'],
  /** What was asked for and by whom: written by the gateway, read by services. Knows nothing of HTTP. */
  'request-log': ['disk'],
  /** Files that were served, by their hash; knows no HTTP and no policy. */
  'package-cache': [],
  gateway: ['tokens', 'policy', 'curation', 'network', 'request-log', 'package-cache'],
  exports: [],
  /** Reads clients' configurations; asks nobody. */
  doctor: [],
  services: [
    'disk',
    'vault',
    'organization',
    'tokens',
    'policy',
    'curation',
    'network',
    'gateway',
    'request-log',
    'package-cache',
    'exports',
    'doctor',
  ],
  ipc: ['services'],
  /** Serves commands from an unlocked app, and is how they find one. */
  agent: ['ipc', 'services', 'disk'],
  /** Of the gateway, how its process is talked to; it runs elsewhere. */
  hosts: ['ipc', 'agent', 'services', 'vault', 'disk', 'network', 'gateway/protocol.ts'],
  cli: [
    'disk',
    'tokens',
    'ipc',
    'agent',
    'services',
    'exports',
    'doctor',
    'hosts/data-dir.ts',
    'hosts/fork-gateway.ts',
  ],
};
/** The same for the renderer: `ui` knows no state, `client` stands below `state`. */
const rendererMay = {
  client: [],
  state: ['client'],
  ui: ['client'],
  features: ['client', 'state', 'ui'],
  /** Shows the parts by themselves: no host, no state. */
  gallery: ['ui', 'app/theme.ts'],
};
/** A folder, or a single file of one. */
const below = (root, name) => `^${root}/${name}${name.endsWith('.ts') ? '$' : '/'}`;
const keepsTo = (root, room, others) => ({
  name: `${room}-keeps-to-its-rooms`,
  severity: 'error',
  from: { path: below(root, room) },
  to: { path: `^${root}/`, pathNot: [room, ...others].map((name) => below(root, name)) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Types count: two files that name each other are one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shared-imports-only-zod',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/passphrase/guess-estimate\\.ts$' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'dictionaries-on-demand',
      comment:
        'They are larger than all the rest: judge.ts imports them when the first passphrase is judged.',
      severity: 'error',
      from: { pathNot: '^shared/passphrase/judge\\.ts$' },
      to: { path: '^shared/passphrase/guess-estimate\\.ts$' },
    },
    {
      name: 'dictionaries-keep-to-their-package',
      severity: 'error',
      from: { path: '^shared/passphrase/guess-estimate\\.ts$' },
      to: { pathNot: ['^shared/passphrase/', '^node_modules/@zxcvbn-ts/'] },
    },
    {
      name: 'renderer-and-main-never-meet',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/' },
    },
    {
      name: 'main-never-imports-renderer',
      severity: 'error',
      from: { path: '^src-main/' },
      to: { path: '^src-renderer/' },
    },
    {
      name: 'only-client-reads-the-bridge',
      comment: 'The typed client is the one reader of the bridge.',
      severity: 'error',
      from: { path: '^src-renderer/(?!client/)' },
      to: { path: '^shared/contract/client' },
    },
    {
      name: 'electron-only-in-its-host',
      severity: 'error',
      from: { path: '^(src-main|shared|src-renderer)/', pathNot: '^src-main/(hosts/electron/|main\\.ts)' },
      to: { path: '^(node_modules/)?electron(/|$)' },
    },
    {
      name: 'cli-only-from-its-root',
      severity: 'error',
      from: { path: '^(src-main|src-renderer|shared)/', pathNot: ['^src-main/cli\\.ts$', '^src-main/cli/'] },
      to: { path: '^src-main/cli/' },
    },
    {
      name: 'nobody-imports-a-composition-root',
      severity: 'error',
      from: {},
      to: {
        path: '^(src-main/(main|cli|gateway-main|hosts/browser/main|hosts/electron/preload)\\.ts|src-renderer/main\\.tsx)$',
      },
    },
    {
      name: 'gateway-process-opens-no-vault',
      comment:
        'Hostile bytes do not meet keys: the gateway’s process has no code that could read a vault or hold its keys.',
      severity: 'error',
      from: { path: '^src-main/gateway-main\\.ts$' },
      to: {
        path: ['^src-main/(vault|organization|services|ipc|hosts|cli)/', '^node_modules/(jose|hash-wasm)/'],
        reachable: true,
      },
    },
    ...Object.entries(may).map(([room, others]) => keepsTo('src-main', room, ['base', ...others])),
    ...Object.entries(rendererMay).map(([room, others]) => keepsTo('src-renderer', room, others)),
  ],
  options: {
    // TypeScript 7 has no API for JavaScript; swc reads the sources, type imports included.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'require', 'default'],
    },
  },
};
