/**
 * The clients' formats, in the order in which they are shown, the recommended ones first: the one table for contract,
 * exports, CLI and screens.
 */
import type { ChannelKind } from './domain.ts';

/** `recommended`: one per kind of channel. `client`: for one client. `place`: for a system in which clients run. */
export const exportGroups = ['recommended', 'client', 'place'] as const;
export type ExportGroup = (typeof exportGroups)[number];

type Format = {
  readonly title: string;
  /** Where there is little room. */
  readonly short: string;
  /** A token must reach a channel of one of these kinds. */
  readonly kinds: readonly ChannelKind[];
  readonly group: ExportGroup;
};

const both = ['conda', 'pypi'] as const;

export const exportFormats = {
  'conda-netrc': {
    title: 'conda and mamba: .condarc and .netrc',
    short: 'conda',
    kinds: ['conda'],
    group: 'recommended',
  },
  'pip-netrc': {
    title: 'pip and pip-tools: pip.conf and .netrc',
    short: 'pip',
    kinds: ['pypi'],
    group: 'recommended',
  },
  'uv-login': { title: 'uv: uv auth login', short: 'uv auth login', kinds: ['pypi'], group: 'client' },
  'uv-toml': { title: 'uv: token in uv.toml', short: 'uv.toml', kinds: ['pypi'], group: 'client' },
  'pip-keyring': { title: 'pip: keyring', short: 'pip keyring', kinds: ['pypi'], group: 'client' },
  'pip-conf': { title: 'pip: token in pip.conf', short: 'pip.conf', kinds: ['pypi'], group: 'client' },
  poetry: { title: 'Poetry', short: 'Poetry', kinds: ['pypi'], group: 'client' },
  pdm: { title: 'PDM', short: 'PDM', kinds: ['pypi'], group: 'client' },
  pipenv: { title: 'Pipenv', short: 'Pipenv', kinds: ['pypi'], group: 'client' },
  hatch: { title: 'Hatch', short: 'Hatch', kinds: ['pypi'], group: 'client' },
  'pixi-login': {
    title: 'pixi: pixi auth login',
    short: 'pixi auth login',
    kinds: ['conda'],
    group: 'client',
  },
  'rattler-auth': {
    title: 'pixi and rattler: token in a file',
    short: 'rattler-auth.json',
    kinds: ['conda'],
    group: 'client',
  },
  condarc: {
    title: 'conda and mamba: token in .condarc',
    short: '.condarc',
    kinds: ['conda'],
    group: 'client',
  },
  env: { title: 'Environment variables', short: 'Variables', kinds: both, group: 'place' },
  docker: { title: 'Docker: BuildKit secret', short: 'Docker', kinds: both, group: 'place' },
  'github-actions': { title: 'GitHub Actions', short: 'GitHub Actions', kinds: both, group: 'place' },
  gitlab: { title: 'GitLab CI', short: 'GitLab', kinds: both, group: 'place' },
  'azure-devops': { title: 'Azure DevOps', short: 'Azure DevOps', kinds: both, group: 'place' },
  jenkins: { title: 'Jenkins', short: 'Jenkins', kinds: both, group: 'place' },
  jupyterhub: { title: 'JupyterHub: spawner', short: 'JupyterHub', kinds: both, group: 'place' },
  databricks: { title: 'Databricks: secret scope', short: 'Databricks', kinds: both, group: 'place' },
  sagemaker: { title: 'SageMaker: lifecycle script', short: 'SageMaker', kinds: both, group: 'place' },
  windows: {
    title: 'Windows: machine-wide (Intune, GPO)',
    short: 'Windows',
    kinds: both,
    group: 'place',
  },
} as const satisfies Readonly<Record<string, Format>>;

export type ExportFormatId = keyof typeof exportFormats;
export const exportFormatIds = Object.keys(exportFormats) as readonly ExportFormatId[];

/** The formats that have something to say about channels of these kinds. */
export function exportFormatsFor(kinds: ReadonlySet<ChannelKind>): readonly ExportFormatId[] {
  return exportFormatIds.filter((id) => exportFormats[id].kinds.some((kind) => kinds.has(kind)));
}

/** Those of one group. */
export function formatsOf(group: ExportGroup, formats: readonly ExportFormatId[]): readonly ExportFormatId[] {
  return formats.filter((id) => exportFormats[id].group === group);
}
