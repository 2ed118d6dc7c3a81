/** What can no longer be installed, as the rule "satisfiable" finds it. */
import { describe, expect, it } from 'vitest';
import type { TextBuffers } from '../../../../src-main/gateway/index-store/entry-scanner.ts';
import { DependenciesReader } from '../../../../src-main/gateway/index-store/row-dependencies.ts';
import { rowState } from '../../../../src-main/gateway/index-store/row-states.ts';
import type { IndexSide } from '../../../../src-main/gateway/index-store/satisfiable.ts';
import { unsatisfiableRows } from '../../../../src-main/gateway/index-store/satisfiable.ts';
import { satisfyRows } from '../../../../src-main/gateway/index-store/satisfy-rows.ts';
import { policyOf } from './policies.ts';

/** `name version`, what it needs, whether others hide it. */
type Row = readonly [what: string, depends?: readonly string[], isHidden?: 'hidden'];

function textsOf(texts: readonly string[]): TextBuffers {
  const offsets = [0];
  for (const text of texts) offsets.push((offsets.at(-1) ?? 0) + text.length);
  return { bytes: Buffer.from(texts.join('')), offsets: Uint32Array.from(offsets) };
}

/** @param chunkBytes of the entries at a time */
function sideOf(rows: readonly Row[], more: object = {}, chunkBytes = 1000): IndexSide {
  const parts = rows.map(([what]) => what.split(' '));
  const names = [...new Set(parts.map(([name = '']) => name))];
  const versions = [...new Set(parts.map(([, version = '']) => version))];
  const nameIds = Uint32Array.from(parts, ([name = '']) => names.indexOf(name));
  const byName = Uint32Array.from([...rows.keys()].toSorted((a, b) => (nameIds[a] ?? 0) - (nameIds[b] ?? 0)));
  const nameFirsts = Uint32Array.from([...names.keys(), names.length], (name) =>
    [...nameIds].reduce((sum, id) => sum + (id < name ? 1 : 0), 0),
  );
  const entries = rows.map(([what, depends = []], index) => {
    const [name, version, build = '0'] = parts[index] ?? [];
    const record = {
      extra_depends: { depends: ['b 9'] },
      build,
      summary: '"depends":["b 9"]',
      name,
      version,
    };
    return `${JSON.stringify(what)} : ${JSON.stringify({ ...record, depends, constrains: ['b 9'], ...more })}`;
  });
  const text = Buffer.from(entries.join(', '));
  const starts = new Uint32Array(rows.length);
  const ends = new Uint32Array(rows.length);
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    starts[index] = at;
    ends[index] = at + Buffer.byteLength(entry);
    at += Buffer.byteLength(entry) + 2;
  }
  const reader = new DependenciesReader({ type: 'conda-dependencies', starts, ends });
  for (let from = 0; from < text.length; from += chunkBytes)
    reader.push(Buffer.from(text.subarray(from, from + chunkBytes)));
  const columns = {
    count: rows.length,
    nameIds,
    versionIds: Uint32Array.from(parts, ([, version = '']) => versions.indexOf(version)),
    byName,
    nameFirsts,
    names: textsOf(names),
    versions: textsOf(versions),
    containers: [],
  };
  return {
    columns: columns as never,
    states: Uint8Array.from(rows, ([, , hidden]) =>
      hidden === undefined ? rowState.silent : rowState.hidden,
    ),
    dependencies: reader.end().result,
  };
}

/** Files that go, and for what. */
function gone(rows: readonly Row[], noarch?: readonly Row[]): Record<string, string> {
  const found = unsatisfiableRows(sideOf(rows), noarch === undefined ? undefined : sideOf(noarch));
  return Object.fromEntries(
    [...found.rows].map((row, index) => [rows[row]?.[0] ?? '', found.texts[found.needs[index] ?? 0] ?? '']),
  );
}

describe('what can no longer be installed', () => {
  it('is what needs what is hidden, and what needs that', () => {
    expect(
      gone([
        ['d 1', ['c']],
        ['c 1', ['b >=1', 'e']],
        ['b 1', ['a 2.*']],
        ['a 1'],
        ['a 2', [], 'hidden'],
        ['e 1'],
        ['f 1', ['a']],
      ]),
    ).toEqual({ 'b 1': 'a 2.*', 'c 1': 'b >=1', 'd 1': 'c' });
  });

  it('looks for another that satisfies it, whenever one goes', () => {
    expect(
      gone([
        ['app 1', ['lib']],
        ['lib 1', ['old <2']],
        ['lib 2', ['core >=2']],
        ['lib 3', ['core >=3']],
        ['core 1'],
        ['core 2', [], 'hidden'],
        ['core 3', [], 'hidden'],
      ]),
    ).toEqual({ 'lib 2': 'core >=2', 'lib 3': 'core >=3' });
  });

  it('ends with cycles: those that need each other stay, or go together', () => {
    const cycle: readonly Row[] = [
      ['a 1', ['b']],
      ['b 1', ['a']],
    ];
    expect(gone([...cycle, ['x 1', [], 'hidden']])).toEqual({});
    expect(
      gone([
        ['a 1', ['b', 'x']],
        ['b 1', ['a']],
        ['x 1', [], 'hidden'],
      ]),
    ).toEqual({ 'a 1': 'x', 'b 1': 'a' });
    expect(
      gone([
        ['a 1', ['a']],
        ['a 2', ['a >=3']],
        ['a 3', [], 'hidden'],
      ]),
    ).toEqual({ 'a 2': 'a >=3' });
  });

  it('is nothing that the index never had, and nothing for a machine or another channel', () => {
    const hidden: Row = ['b 1', [], 'hidden'];
    expect(
      gone([
        ['never 1', ['b >=2']],
        ['elsewhere 1', ['nobody-has-it']],
        ['machine 1', ['__glibc >=2.17']],
        ['channel 1', ['main::b']],
        ['sometimes 1', ['b[when="python >=3.10"]', 'b; if python >=3.10']],
        ['odd 1', ['b ==', '', 'b[extras=[x]]']],
        hidden,
        ['__glibc 2.28', [], 'hidden'],
      ]),
    ).toEqual({});
  });

  it('takes builds and either reading of a spec', () => {
    expect(
      gone([
        ['one 1', ['b 1 py3*']],
        ['two 1', ['b 1 py2*']],
        ['three 1', ['b[version=">=1", build="py2*"]']],
        // conda reads a trailing `.0` of a fuzzy version otherwise than an exact one.
        ['four 1', ['b =1']],
        ['five 1', ['b =1=py3*']],
        ['b 1 py39'],
        ['b 1 py27', [], 'hidden'],
      ]),
    ).toEqual({ 'two 1': 'b 1 py2*', 'three 1': 'b[version=">=1", build="py2*"]' });
  });

  it('counts what `noarch` beside it has', () => {
    const rows: readonly Row[] = [
      ['a 1', ['pure >=1']],
      ['b 1', ['pure >=2']],
      ['pure 1', [], 'hidden'],
    ];
    expect(gone(rows)).toEqual({ 'a 1': 'pure >=1' });
    expect(gone(rows, [['pure 1.5'], ['pure 2', [], 'hidden']])).toEqual({ 'b 1': 'pure >=2' });
  });

  it('is found wherever chunks of the index end', () => {
    const rows: readonly Row[] = [
      ['a é', ['b >=1', 'c']],
      ['c 1', ['b']],
      ['b 1', [], 'hidden'],
    ];
    for (let chunkBytes = 1; chunkBytes < 60; chunkBytes += 1)
      expect([...unsatisfiableRows(sideOf(rows, {}, chunkBytes), undefined).rows]).toEqual([0, 1]);
  });

  it('gets what its policy does', () => {
    const own = sideOf([['a 1', ['b']], ['b 1', [], 'hidden'], ['c 1']]);
    const policies = [policyOf([{ type: 'satisfiable' }], { style: 'refuse' })];
    const { denied } = satisfyRows({ own, noarch: undefined, policies });
    expect([...own.states]).toEqual([rowState.refused, rowState.hidden, rowState.silent]);
    expect(denied).toBe(2);
  });
});
