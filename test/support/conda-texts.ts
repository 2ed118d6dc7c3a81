/** Versions, specs and records of conda packages that a seed makes: mostly good ones, close to each other, some odd. */
import type { CondaRecord } from '../../src-main/policy/conda/match-spec.ts';
import type { Seeded } from './seeded.ts';

const parts = ['0', '0', '1', '1', '2', '3', '10', '01', '00', '2024'] as const;
const words = ['a', 'alpha', 'rc', 'rc1', 'b2', 'dev', 'post', 'DEV1', 'post1', 'g', 'al', 'h1a'] as const;

const numberText = (seeded: Seeded): string =>
  seeded.chance(0.02) ? seeded.pick(['99999999999999999999', '9999999999999999']) : seeded.pick(parts);

export function condaVersionText(seeded: Seeded): string {
  let text = seeded.chance(0.08) ? `${seeded.pick(['0', '1', '2'])}!` : '';
  text += seeded
    .list(1, 4, () => numberText(seeded) + (seeded.chance(0.2) ? seeded.pick(words) : ''))
    .join(seeded.pick(['.', '.', '.', '_', '-']));
  if (seeded.chance(0.15)) text += seeded.pick(['.', '_', '-', '']) + seeded.pick(words);
  if (seeded.chance(0.08)) text += seeded.pick(['_', '__', '-', 'a_', '_-']);
  if (seeded.chance(0.1))
    text += `+${numberText(seeded)}${seeded.pick(['', '.1', '_a', 'abc', '.local', '_'])}`;
  return spoiled(seeded, text, ['.', '-', '_', '+', '!', '*', 'a', '0'], 0.05);
}

function spoiled(
  seeded: Seeded,
  text: string,
  odd: readonly [string, ...string[]],
  probability: number,
): string {
  if (!seeded.chance(probability)) return text;
  const at = seeded.below(text.length + 1);
  return text.slice(0, at) + seeded.pick(odd) + text.slice(at + seeded.below(2));
}

/** One that shares its beginning with `near`. */
function shortened(seeded: Seeded, near: string): string {
  const cut = near.slice(0, 1 + seeded.below(near.length));
  return seeded.chance(0.7) ? cut.replace(/[._-]+$/, '') : cut;
}

function clause(seeded: Seeded, near: string): string {
  const version = seeded.chance(0.6)
    ? seeded.chance(0.5)
      ? near
      : shortened(seeded, near)
    : condaVersionText(seeded);
  const operator = seeded.pick(['', '', '=', '==', '!=', '>=', '<=', '>', '<', '~=']);
  const gap = seeded.chance(0.05) ? ' ' : '';
  const star = seeded.chance(0.25) ? seeded.pick(['.*', '*', '.*', '.*.*']) : '';
  if (seeded.chance(0.03)) return seeded.pick(['*', '*.*', '=*', '>=*', '!=*', '**', '*.1']);
  return operator + gap + version + star;
}

export function versionSpecText(seeded: Seeded, near: string): string {
  const gap = seeded.chance(0.15) ? ' ' : '';
  let text = seeded
    .list(1, seeded.chance(0.6) ? 1 : 3, () => clause(seeded, near))
    .join(gap + seeded.pick([',', '|', ',']) + gap);
  if (seeded.chance(0.08)) text = `(${text})${seeded.pick(['|', ','])}${clause(seeded, near)}`;
  return text;
}

const names = ['foo', 'foo-bar', 'Foo', 'foo_bar', 'py', '__unix', '_foo', 'a', 'f.b'] as const;
const builds = ['0', 'py_0', 'py37_0', 'h1234567_1', 'cuda_py37_0', 'PY_0'] as const;

export function condaRecord(
  seeded: Seeded,
): CondaRecord & { buildNumber: number; subdir: string; md5: string } {
  return {
    name: seeded.pick(names).toLowerCase(),
    version: condaVersionText(seeded),
    build: seeded.pick(builds),
    buildNumber: seeded.below(3),
    subdir: seeded.pick(['linux-64', 'noarch']),
    md5: '0123456789abcdef0123456789abcdef',
    sha256: 'ab'.repeat(32),
    license: seeded.pick(['MIT', 'mit', 'BSD-3-Clause']),
    licenseFamily: seeded.pick(['MIT', 'BSD']),
  };
}

function bracketText(seeded: Seeded, record: CondaRecord): string {
  const quote = seeded.pick(['', "'", '"', '"']);
  const quoted = (key: string, value: string): string =>
    /[ ,=[\]]/.test(value) && seeded.chance(0.9) ? `${key}='${value}'` : `${key}=${quote}${value}${quote}`;
  const one = (): string =>
    seeded.pick([
      () => quoted('version', versionSpecText(seeded, record.version)),
      () => quoted('build', buildText(seeded, record)),
      () => quoted('build_number', seeded.pick(['0', '1', '>=1', '!=0', '<2', '=1', '==2', '*', '01', 'x'])),
      () => quoted('md5', seeded.pick([record.md5 ?? '', (record.md5 ?? '').toUpperCase(), 'abc'])),
      () => quoted('license', seeded.pick(['MIT', 'mit', 'BSD*'])),
      () => quoted('license_family', seeded.pick(['MIT', 'mit'])),
      () => quoted('name', 'other'),
    ])();
  const text = seeded.list(1, 3, one).join(seeded.pick([',', ', ', ' ']));
  return spoiled(seeded, `[${text}]`, ['[', ']', '"', "'", ',', '=', ' '], 0.05);
}

function buildText(seeded: Seeded, record: CondaRecord): string {
  return seeded.pick([
    record.build,
    record.build,
    `${record.build.slice(0, 2)}*`,
    '*_0',
    '*',
    '**',
    '*py*',
    '*py*7_*',
    'p**',
    'py37-0',
  ]);
}

export function matchSpecText(seeded: Seeded, record: CondaRecord): string {
  const name = seeded.chance(0.8)
    ? record.name
    : seeded.pick([...names, 'f*', '*', '*bar', 'F*', 'f*o-*', 'foo--bar', '__', 'foo+', '-foo']);
  const separator = seeded.pick([' ', ' ', '', '=', '==']);
  let text = name;
  if (seeded.chance(0.85)) text += separator + versionSpecText(seeded, record.version);
  if (seeded.chance(0.25)) text += seeded.pick([' ', '=', ' =', '  ']) + buildText(seeded, record);
  if (seeded.chance(0.25)) text += (seeded.chance(0.3) ? ' ' : '') + bracketText(seeded, record);
  if (seeded.chance(0.03)) text += seeded.pick([' ', '=', '==', '>=', ',', '|', '(x)']);
  return spoiled(
    seeded,
    text,
    [' ', '=', '(', ')', '|', ',', '!', '~', '<', '>', '*', '.', "'", '"', '['],
    0.06,
  );
}
