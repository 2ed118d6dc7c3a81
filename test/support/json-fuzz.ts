/**
 * The scanners of index entries against `JSON.parse`, on texts that are changed at random. Invariant: both take what
 * `JSON.parse` takes and nothing else; both write the same rows; what a row says that is as usual is what `readRecord`
 * says of its record.
 */
import { isUtf8 } from 'node:buffer';
import { readRecord } from '../../src-main/gateway/conda/record-facts.ts';
import { newHashKey, NameHash } from '../../src-main/gateway/documents/name-hash.ts';
import { ScriptScanner } from '../../src-main/gateway/index-store/entries-scan.ts';
import { WasmScanner } from '../../src-main/gateway/index-store/entries-wasm.ts';
import type { EntryScanner, ScannedEntries } from '../../src-main/gateway/index-store/entry-scanner.ts';
import {
  at,
  endBytes,
  maxRows,
  noNumber,
  rowFlags,
  rowNumbers,
  textKinds,
  timeAt,
  timeNumbers,
} from '../../src-main/gateway/index-store/entry-scanner.ts';
import type { ChannelId } from '../../shared/model/ids.ts';

export const fuzzSubdir = 'noarch';
const place = { channelId: 'c' as ChannelId, subdir: fuzzSubdir };
/** Texts that were seen are kept by a scanner: another one after so many rounds. */
const roundsOfScanner = 50_000;

/** Numbers that are the same each time (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const record = (name: string, version: string, more: object = {}) => ({
  build: 'py_0',
  build_number: 0,
  depends: ['python >=3.8', 'numpy'],
  license: 'MIT',
  name,
  version,
  subdir: fuzzSubdir,
  timestamp: 1_600_000_000_000,
  ...more,
});

/** Entries as real ones are, and as odd as they may be. */
export const fuzzSeeds: readonly string[] = [
  JSON.stringify({
    'tool-1.0-py_0.conda': record('tool', '1.0', { indexed_timestamp: 1_700_000_000_000 }),
    'tool-1.1-py_0.tar.bz2': record('tool', '1.1', { fn: 'tool-1.1-py_0.tar.bz2', timestamp: 1_500_000_000 }),
  }),
  JSON.stringify(
    { 'A-b-1-py_0.conda': record('A-b', '1', { license: undefined, size: 1.5e3 }) },
    undefined,
    2,
  ),
  '{"x-1-0.conda":{"name":"x","version":"1","build":"0","l\\u0069cense":"GPL","a":[[],{},[1,{"b":null}]]}}',
  '{"x-1-0.conda":{"name":"x","version":"1","build":"0","name":"y"},"y-1-0.conda" : 7 , "z":[]}',
  '{"é-1-0.conda":{"name":"é","version":"1","build":"0","license":"MIT \\"x\\"","timestamp":-1}}',
  '{"x-1-0.conda":{"name":"x","version":"1","build":"0","subdir":"linux-64"},"w-1-0.conda":{}}',
  '{"x-1-0.conda":{"version":"1","build":"0","name":"x","indexed_timestamp":1.5e12,"f":1e+5,"t":true,"n":null}}',
  '{}',
  '{"x":{"name":7,"version":null,"build":true,"license":["MIT"],"timestamp":"1","indexed_timestamp":123456789012345678}}',
];
const parts = [
  '{', '}', '[', ']', '"', ',', ':', '\\', ' ', '\n', '0', '1', '-', '.', 'e', 'E', '+', 'true', 'null', 'false', '\\u0041',
  '\\"', '\\n', '"name":"x"', '"license":"MIT",', '"timestamp":1', 'é', '\u0000', '\t', '\u001f', '""', '{}', '[]', '"a":1,',
] as const; // prettier-ignore

/** One of the texts with up to four changes. */
export function mutated(random: (below: number) => number, seeds: readonly string[]): Buffer {
  let text = Buffer.from(seeds[random(seeds.length)] ?? '');
  for (let changes = 1 + random(4); changes > 0; changes -= 1) {
    const from = random(text.length + 1);
    const kind = random(8);
    const rest = kind < 3 ? from : Math.min(text.length, from + 1 + random(kind === 3 ? 30 : 3));
    const put =
      kind === 4
        ? Buffer.of(random(256))
        : kind === 5
          ? text.subarray(random(text.length), random(text.length))
          : kind === 6
            ? Buffer.alloc(0)
            : Buffer.from(parts[random(parts.length)] ?? '');
    text = Buffer.concat([text.subarray(0, from), put, text.subarray(rest)]);
  }
  return text;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns undefined where it is no JSON */
export function parsed(text: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(utf8.decode(text)) as unknown };
  } catch {
    return undefined;
  }
}

export class ScannerPair {
  readonly key = newHashKey();
  readonly #hash = new NameHash(this.key);
  /** So many texts. */
  checked = 0;
  #scanners: readonly EntryScanner[] = [];

  /** @throws Error that says what differs */
  check(text: Buffer): void {
    this.#renew();
    const isJson = parsed(text) !== undefined;
    const wasTaken = this.#scanners.map((scanner) => takesValue(scanner, text));
    if (wasTaken.some((taken) => taken !== isJson))
      throw new Error(`JSON.parse says ${isJson}, the scanners ${wasTaken.join()}: ${shown(text)}`);
    this.#checkEntries(text, isJson);
  }

  #renew(): void {
    if (this.checked % roundsOfScanner === 0) {
      this.#scanners = [new WasmScanner(), new ScriptScanner()];
      for (const scanner of this.#scanners) scanner.begin(this.key, fuzzSubdir);
    }
    this.checked += 1;
  }

  #checkEntries(text: Buffer, isJson: boolean): void {
    if (text[0] !== 0x7b) return;
    const [first, second] = this.#scanners.map((scanner) => {
      put(scanner, text);
      const { inputAt } = scanner;
      return scanner.entries(inputAt + 1, inputAt + text.length, true);
    });
    const [wasm, script] = this.#scanners;
    if (first === undefined || second === undefined || wasm === undefined || script === undefined) return;
    const [told, others] = [shifted(first, wasm.inputAt), shifted(second, script.inputAt)];
    if (JSON.stringify(told) !== JSON.stringify(others))
      throw new Error(`${JSON.stringify(told)} and ${JSON.stringify(others)}: ${shown(text)}`);
    if (isJson && first.rows < maxRows && !first.isClosed) throw new Error(`Not closed: ${shown(text)}`);
    if (!isUtf8(text)) return;
    for (let row = 0; row < first.rows; row += 1) {
      const [one, other] = [rowOf(wasm, row), rowOf(script, row)];
      if (JSON.stringify(one) !== JSON.stringify(other))
        throw new Error(`${JSON.stringify(one)} and ${JSON.stringify(other)}: ${shown(text)}`);
      for (const scanner of [wasm, script]) this.#checkFacts(text, one, scanner, row);
    }
  }

  /** What is as usual is what a closer look says too. */
  #checkFacts(text: Buffer, row: ReturnType<typeof rowOf>, scanner: EntryScanner, index: number): void {
    if (row.about === undefined) return;
    const [key = 0, keyEnd = 0, value = 0, valueEnd = 0] = row.places;
    const name = JSON.parse(text.toString('utf8', key, keyEnd)) as string;
    const read = readRecord(name, text.subarray(value, valueEnd), row.commas, {
      ...place,
      extension: undefined,
    });
    const { low, high } = this.#hash.of(name);
    const [nameId, versionId, licenseId] = textKinds.map(
      (kind) => scanner.rows[index * rowNumbers + at[kind]],
    );
    const isSame =
      read !== undefined &&
      row.about.hash[0] === low &&
      row.about.hash[1] === high &&
      row.about.indexed === read.facts.publishedAtMs &&
      row.about.built === read.builtAtMs &&
      scanner.intern('name', read.facts.name) === nameId &&
      scanner.intern('version', read.facts.version) === versionId &&
      (read.facts.license === undefined ? noNumber : scanner.intern('license', read.facts.license)) ===
        licenseId;
    if (!isSame) throw new Error(`${JSON.stringify(row)} is not ${JSON.stringify(read)}: ${shown(text)}`);
  }
}

/** What a row says, but for the numbers of texts, which each scanner counts for itself. */
function rowOf(scanner: EntryScanner, index: number) {
  const row = index * rowNumbers;
  const number = (which: keyof typeof at): number => scanner.rows[row + at[which]] ?? 0;
  const time = (which: keyof typeof timeAt): number =>
    scanner.times[index * timeNumbers + timeAt[which]] ?? 0;
  const flags = number('flags');
  const isOdd = (flags & rowFlags.odd) !== 0;
  const places = (['key', 'keyEnd', 'value', 'valueEnd'] as const).map(
    (which) => number(which) - scanner.inputAt,
  );
  return {
    places,
    flags: isOdd ? rowFlags.odd : flags,
    commas: number('commas'),
    about: isOdd
      ? undefined
      : {
          hash: [number('hashLow'), number('hashHigh')],
          indexed: (flags & rowFlags.hasIndexed) === 0 ? undefined : time('indexed'),
          built: (flags & rowFlags.hasBuilt) === 0 ? undefined : time('built'),
        },
  };
}

function put(scanner: EntryScanner, text: Buffer): void {
  scanner.bytes.set(text, scanner.inputAt);
  scanner.bytes.fill(0, scanner.inputAt + text.length, scanner.inputAt + text.length + endBytes);
}

/** Whether it is one value, with nothing but blanks around it. */
export function takesValue(scanner: EntryScanner, text: Buffer): boolean {
  put(scanner, text);
  const { bytes, inputAt } = scanner;
  const end = inputAt + text.length;
  const blanks = (from: number): number => {
    let to = from;
    while ([0x20, 0x0a, 0x0d, 0x09].includes(bytes[to] ?? 0)) to += 1;
    return to;
  };
  const to = scanner.value(blanks(inputAt), 0);
  return to >= 0 && blanks(to) === end && isUtf8(text);
}

const shifted = ({ rows, resumeAt, isClosed, stoppedAt }: ScannedEntries, by: number) => ({
  rows,
  resumeAt: resumeAt - by,
  isClosed,
  isStopped: stoppedAt !== undefined,
});

const shown = (text: Buffer): string => JSON.stringify(text.toString('latin1'));
