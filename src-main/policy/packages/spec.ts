/** Packages by name and versions, ready to be asked. A spec that nobody can read matches nothing. */
import type { PackageSpec } from '../../../shared/model/packages.ts';
import { matchSpec, parseMatchSpec } from '../conda/match-spec.ts';
import { globMatches } from '../glob.ts';
import { parseSpecifiers, specifiersContain } from '../pep440/specifiers.ts';
import type { PackageFacts } from './facts.ts';
import type { NameList } from './rule-judge.ts';

/** `one`: matched by one reading of the text, or it cannot be said. */
export type SpecMatch = 'both' | 'one' | 'none';

export type CompiledSpec = {
  readonly text: string;
  readonly ecosystem: PackageSpec['ecosystem'];
  /** What the name must be; with `*` for any characters. */
  readonly name: string;
  /** Whether it asks for more than name and version. */
  readonly needsFile: boolean;
  match(facts: PackageFacts): SpecMatch;
};

/** Inside a name, not at either end (PEP 508). */
const separators = ['.', '_', '-'];
/** A name, and what may stand inside one; with `*` for any characters. */
const pypiName = /^[A-Za-z0-9._*-]+/;
/** The name of a conda spec, without its channel. */
const condaName = /^(?:[^\s:]*::?)?\s*([A-Za-z0-9_.*-]+)/;

/** @returns undefined where it cannot be read */
export function compileSpec({ ecosystem, spec }: PackageSpec): CompiledSpec | undefined {
  return ecosystem === 'conda' ? compileConda(spec) : compilePypi(spec);
}

function compileConda(text: string): CompiledSpec | undefined {
  const parsed = parseMatchSpec(text);
  const name = condaName.exec(text)?.[1]?.toLowerCase();
  if (parsed === undefined || name === undefined) return undefined;
  return {
    text,
    ecosystem: 'conda',
    name,
    needsFile: parsed.keys.some((key) => key !== 'name' && key !== 'version'),
    match: (facts) =>
      matchSpec(parsed, {
        name: facts.name,
        version: facts.version,
        build: facts.build ?? '',
        buildNumber: facts.buildNumber,
        subdir: facts.platforms[0],
        fn: facts.filename,
        license: facts.license,
      }),
  };
}

function compilePypi(text: string): CompiledSpec | undefined {
  const { name, versions } = requirementOf(text.trim());
  const specifiers = versions === undefined ? undefined : parseSpecifiers(versions);
  if (name === '' || specifiers === undefined) return undefined;
  return {
    text,
    ecosystem: 'pypi',
    name: name.replace(/[-_.]+/g, '-').toLowerCase(),
    needsFile: false,
    match: ({ version }) => (specifiersContain(specifiers, version) ? 'both' : 'none'),
  };
}

/** The name, then whatever asks for versions: `requests>=2,<3`, `requests (<3)`, `acme-*`. */
function requirementOf(text: string): { readonly name: string; readonly versions: string | undefined } {
  const run = pypiName.exec(text)?.[0] ?? '';
  let end = run.length;
  while (end > 0 && separators.includes(run.charAt(end - 1))) end -= 1;
  const name = separators.includes(run.charAt(0)) ? '' : run.slice(0, end);
  const rest = text.slice(end).trim();
  const versions = rest.startsWith('(') && rest.endsWith(')') ? rest.slice(1, -1) : rest;
  return { name, versions: /[()]/.test(versions) ? undefined : versions.trim() };
}

/** Many specs, asked at once. */
export type CompiledSpecs = {
  readonly needFile: boolean;
  /** Whether any of them may match something of this name. */
  concern(ecosystem: PackageSpec['ecosystem'], name: string): boolean;
  /** Those of many names; undefined where a pattern has to be held against each. */
  concerned(ecosystem: PackageSpec['ecosystem'], names: NameList): readonly number[] | undefined;
  /** The text of the first that `accept` takes; those with the very name before those with a pattern. */
  find(facts: PackageFacts, accept: (match: SpecMatch) => boolean): string | undefined;
};

/** Those that cannot be read are told by `lint`; here they match nothing. */
export function compileSpecs(specs: readonly PackageSpec[]): CompiledSpecs {
  const compiled = specs.map(compileSpec).filter((spec) => spec !== undefined);
  const byName: Readonly<Record<PackageSpec['ecosystem'], Map<string, CompiledSpec[]>>> = {
    conda: new Map(),
    pypi: new Map(),
  };
  const patterns: CompiledSpec[] = [];
  for (const spec of compiled) {
    if (spec.name.includes('*')) {
      patterns.push(spec);
      continue;
    }
    const list = byName[spec.ecosystem].get(spec.name);
    if (list === undefined) byName[spec.ecosystem].set(spec.name, [spec]);
    else list.push(spec);
  }
  return {
    needFile: compiled.some(({ needsFile }) => needsFile),
    concern: (ecosystem, name) =>
      byName[ecosystem].has(name) ||
      patterns.some((spec) => spec.ecosystem === ecosystem && globMatches(spec.name, name)),
    concerned(ecosystem, names) {
      if (patterns.some((spec) => spec.ecosystem === ecosystem)) return undefined;
      return [...byName[ecosystem].keys()].flatMap((name) => names.numberOf(name) ?? []);
    },
    find(facts, accept) {
      for (const spec of byName[facts.ecosystem].get(facts.name) ?? [])
        if (accept(spec.match(facts))) return spec.text;
      for (const spec of patterns) {
        if (
          spec.ecosystem === facts.ecosystem &&
          globMatches(spec.name, facts.name) &&
          accept(spec.match(facts))
        )
          return spec.text;
      }
      return undefined;
    },
  };
}
