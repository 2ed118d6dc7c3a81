/** The plain way: `JSON.parse`, filter, `JSON.stringify`. Arguments: the index, the facts. */
import { readFileSync } from 'node:fs';
import { measured, tell } from './measure.ts';
import type { PlainFacts } from './policies.ts';

type Entry = {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly timestamp?: number;
  readonly indexed_timestamp?: number;
};
type Container = Record<string, Entry>;
type Index = { packages: Container; 'packages.conda': Container; v3: Record<string, Container> };

const [, , path = '', factsPath = ''] = process.argv;
const bytes = readFileSync(path);
const facts = JSON.parse(readFileSync(factsPath, 'utf8')) as PlainFacts;
const [licenses, names] = [new Set(facts.licenses), new Set(facts.names)];
const vulnerable = new Map(Object.entries(facts.vulnerable).map(([name, list]) => [name, new Set(list)]));

function isAllowed({ name, version, license, timestamp, indexed_timestamp }: Entry): boolean {
  if (license !== undefined && licenses.has(license)) return false;
  if (names.has(name) || vulnerable.get(name)?.has(version) === true) return false;
  return (indexed_timestamp ?? timestamp ?? 0) <= facts.publishedBeforeMs;
}

tell(
  measured(() => {
    const index = JSON.parse(bytes.toString()) as Index;
    let kept = 0;
    for (const container of [index.packages, index['packages.conda'], ...Object.values(index.v3)]) {
      for (const file in container) {
        const entry = container[file];
        if (entry !== undefined && isAllowed(entry)) kept += 1;
        else delete container[file];
      }
    }
    return { kept, bytes: Buffer.from(JSON.stringify(index)).length };
  }),
);
