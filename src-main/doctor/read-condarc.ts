/**
 * What conda asks with a `.condarc`: the channels in their order, for the computer's platform first, then noarch. A name
 * is looked up at channel_alias; `defaults` means the channels of default_channels, or the public servers without it.
 */
import { isScalar, visit } from 'yaml';
import { subdirAtStart } from '../../shared/model/conda-names.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { Finding } from '../../shared/contract/doctor-views.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { hasTooManyMarks, yamlDocument } from '../base/yaml-document.ts';
import { hasSecret, parsedUrl, shownName } from './addresses.ts';
import type { Asked, Reading } from './types.ts';

const words = texts.doctor.condarc;

/** No addresses of this file: conda knows them by itself. */
const publicAlias = words.publicServer;
const publicDefaults = [words.publicDefaults];

export function readCondarc(text: string): Reading {
  const broken = (why: string): Reading => ({
    asks: [],
    findings: [{ level: 'problem', text: why }],
    holdsSecret: false,
  });
  let settings: unknown;
  try {
    // conda reads YAML 1.1.
    settings = parseYaml(text.replace(/^\ufeff/, ''));
  } catch {
    return broken(words.notYaml);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    return broken(words.empty);
  }
  const own = settings as Record<string, unknown>;
  const alias =
    typeof own['channel_alias'] === 'string' ? withoutTrailingSlashes(own['channel_alias']) : publicAlias;
  const addressOf = (entry: string) =>
    /^https?:\/\//.test(entry) ? withoutTrailingSlashes(entry) : `${alias}/${entry}`;
  const defaults = own['default_channels'] === undefined ? undefined : textsOf(own['default_channels']);
  // conda asks each once. `defaults` again and again, of many channels each, would be millions.
  const channels = [...new Set(textsOf(own['channels'] ?? own['channel'] ?? ['defaults']))];
  const asks = channels.flatMap((entry): Asked[] => {
    if (entry === 'nodefaults' || entry === 'local') return [];
    if (entry !== 'defaults') return [{ client: 'conda', address: addressOf(entry), name: shortName(entry) }];
    return (defaults?.map(addressOf) ?? publicDefaults).map((address) => ({
      client: 'conda',
      address,
      name: 'defaults',
    }));
  });
  const holdsSecret = asks.some(({ address }) => hasSecret(address)) || hasSecret(alias);
  return {
    asks,
    holdsSecret,
    findings: [...findings({ own, alias, defaults, channels, asks, holdsSecret })],
  };
}

type Facts = {
  readonly own: Record<string, unknown>;
  readonly alias: string;
  readonly defaults: readonly string[] | undefined;
  readonly channels: readonly string[];
  readonly asks: readonly Asked[];
  readonly holdsSecret: boolean;
};

function* findings(facts: Facts): Iterable<Finding> {
  const { own, alias, defaults, channels, asks, holdsSecret } = facts;
  if (own['channel_alias'] === undefined) {
    yield {
      level: 'warning',
      text: words.noAlias,
    };
  }
  if (defaults === undefined) {
    yield {
      level: 'problem',
      text: words.noDefaults,
    };
  } else if (defaults.length > 0) {
    yield {
      level: 'problem',
      text: words.allDefaults,
    };
  }
  for (const entry of channels) {
    const name = shortName(entry);
    const subdir = subdirAtStart(name);
    if (subdir !== undefined && name !== 'noarch') {
      yield { level: 'problem', text: `The channel ${shownName(name)}: ${texts.channels.condaName(subdir)}` };
    }
  }
  if (
    [alias, ...asks.map(({ address }) => address)].some((address) =>
      parsedUrl(address)?.hostname.includes(':'),
    )
  ) {
    yield {
      level: 'problem',
      text: words.ipv6,
    };
  }
  if (holdsSecret) {
    yield {
      level: 'warning',
      text: words.tokenHere,
    };
    yield {
      level: 'info',
      text: words.notices,
    };
  }
  yield {
    level: 'info',
    text: words.order,
  };
}

/**
 * The parser's own search for keys that are there twice takes the square of their number.
 * @throws Error for what is no YAML
 */
function parseYaml(text: string): unknown {
  if (hasTooManyMarks(text)) throw new Error('Too many values.');
  const document = yamlDocument(text, { version: '1.1', logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, {
    Map(_key, { items }) {
      const keys = items.map(({ key }) => (isScalar(key) ? key.value : key));
      if (new Set(keys).size < keys.length) throw new Error('A key is there twice.');
    },
  });
  return document.toJS({ maxAliasCount: 20 });
}

function shortName(entry: string): string {
  const bare = withoutTrailingSlashes(entry);
  return bare.slice(bare.lastIndexOf('/') + 1);
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry === 'string') : [];
}
