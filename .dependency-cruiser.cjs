/** Who may import whom (ARCHITECTURE.md, "Rooms"). */
const rooms = ['disk', 'vault', 'tokens', 'policy', 'gateway', 'exports', 'services', 'ipc', 'hosts'];
const may = {
  disk: [],
  vault: ['disk'],
  tokens: [],
  policy: [],
  gateway: ['tokens', 'policy'],
  exports: [],
  services: ['disk', 'vault', 'tokens', 'policy', 'gateway', 'exports'],
  ipc: ['services'],
  hosts: ['ipc', 'services', 'vault', 'disk'],
};

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shared-imports-only-zod',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
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
    ...rooms.map((room) => ({
      name: `${room}-keeps-to-its-rooms`,
      severity: 'error',
      from: { path: `^src-main/${room}/` },
      to: { path: '^src-main/', pathNot: [room, ...may[room]].map((name) => `^src-main/${name}/`) },
    })),
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
