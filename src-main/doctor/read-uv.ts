/** What uv asks with a uv.toml: the named indexes in their order, the default one last; it stops at the first that has a name. */
import { parse } from 'smol-toml';
import type { Finding } from '../../shared/contract/doctor-views.ts';
import { hasSecret } from './addresses.ts';
import type { Asked, Reading } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.doctor.uv;

/** No address of this list: the client knows it by itself. */
const publicIndex = words.publicIndex;

export function readUv(text: string): Reading {
  let toml: Record<string, unknown>;
  try {
    toml = parse(text.replace(/^\ufeff/, ''));
  } catch {
    return {
      asks: [],
      findings: [{ level: 'problem', text: words.notToml }],
      holdsSecret: false,
    };
  }
  // The settings of pip's interface may stand in a table of their own.
  const tables = [toml, isTable(toml['pip']) ? toml['pip'] : {}];
  const indexes = listOf(toml['index']).filter(isTable);
  const named = indexes.filter((index) => index['default'] !== true && index['explicit'] !== true);
  const byDefault = indexes.find((index) => index['default'] === true);
  const oldDefault = tables.map((table) => textOf(table['index-url'])).find((url) => url !== undefined);
  const last = textOf(byDefault?.['url']) ?? oldDefault ?? publicIndex;
  const askOf = (index: Record<string, unknown>): Asked[] => {
    const address = textOf(index['url']);
    const name = textOf(index['name']);
    if (address === undefined) return [];
    return [{ client: 'uv', address, ...(name === undefined ? {} : { name }) }];
  };
  const asks: Asked[] = [
    ...named.flatMap(askOf),
    ...tables.flatMap((table) =>
      listOf(table['extra-index-url'])
        .map(textOf)
        .flatMap((address) => (address === undefined ? [] : [{ client: 'uv' as const, address }])),
    ),
    ...(byDefault === undefined ? [{ client: 'uv' as const, address: last }] : askOf(byDefault)),
    ...indexes
      .filter((index) => index['explicit'] === true)
      .flatMap(askOf)
      .map((asked) => ({ ...asked, note: words.explicit })),
  ];
  const holdsSecret = asks.some(({ address }) => hasSecret(address));
  const hasDefault = byDefault !== undefined || oldDefault !== undefined;
  return { asks, holdsSecret, findings: [...findings(indexes, hasDefault, holdsSecret)] };
}

function* findings(
  indexes: readonly Record<string, unknown>[],
  hasDefault: boolean,
  holdsSecret: boolean,
): Iterable<Finding> {
  if (!hasDefault) {
    yield {
      level: 'problem',
      text: words.noDefault,
    };
  }
  if (indexes.some((index) => index['authenticate'] !== 'always')) {
    yield {
      level: 'info',
      text: words.authenticate,
    };
  }
  if (holdsSecret) {
    yield {
      level: 'warning',
      text: words.tokenInUrl,
    };
  }
  yield { level: 'info', text: words.pyproject };
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
