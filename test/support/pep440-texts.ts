/** Versions and specifiers of Python packages that a seed makes: mostly good ones, close to each other, some odd. */
import type { Seeded } from './seeded.ts';

const numbers = ['0', '0', '1', '1', '2', '9', '10', '00', '01', '2024', '99999999999999999999'] as const;
const oddCharacters = [
  ' ',
  '.',
  '-',
  '_',
  '+',
  '!',
  '*',
  'v',
  'a',
  '0',
  'ſ',
  '\u00a0',
  '\ufeff',
  '١',
  '\n',
  'x',
] as const;

const separator = (seeded: Seeded): string => seeded.pick(['', '', '.', '-', '_']);
const cased = (seeded: Seeded, text: string): string => (seeded.chance(0.1) ? text.toUpperCase() : text);

function release(seeded: Seeded): string {
  return seeded.list(1, 4, () => seeded.pick(numbers)).join('.');
}

function tail(seeded: Seeded): string {
  let text = '';
  if (seeded.chance(0.35)) {
    const word = seeded.pick(['a', 'b', 'rc', 'alpha', 'beta', 'c', 'pre', 'preview']);
    text += `${separator(seeded)}${cased(seeded, word)}${seeded.pick(['', '1', '2', '.1', '-3'])}`;
  }
  if (seeded.chance(0.3)) {
    text += seeded.chance(0.2)
      ? `-${seeded.pick(numbers)}`
      : `${separator(seeded)}${cased(seeded, seeded.pick(['post', 'rev', 'r']))}${seeded.pick(['', '0', '1', '_2'])}`;
  }
  if (seeded.chance(0.25)) {
    text += `${separator(seeded)}${cased(seeded, 'dev')}${seeded.pick(['', '0', '1', '-2'])}`;
  }
  return text;
}

/** One that spoils a text now and then, so that refusals are compared too. */
function spoiled(seeded: Seeded, text: string): string {
  if (!seeded.chance(0.08)) return text;
  const at = seeded.below(text.length + 1);
  return text.slice(0, at) + seeded.pick(oddCharacters) + text.slice(at + seeded.below(2));
}

const prefix = (seeded: Seeded): string =>
  (seeded.chance(0.05) ? 'v' : '') + (seeded.chance(0.1) ? `${seeded.pick(['0', '1', '2'])}!` : '');

const local = (seeded: Seeded): string =>
  `+${seeded.list(1, 3, () => seeded.pick(['a', 'b1', '1', '01', 'Ubuntu', '10'])).join(seeded.pick(['.', '-', '_']))}`;

export function pep440Text(seeded: Seeded): string {
  const text = prefix(seeded) + release(seeded) + tail(seeded) + (seeded.chance(0.2) ? local(seeded) : '');
  return spoiled(seeded, text);
}

/** @param near a version, so that limits meet it often */
export function specifierText(seeded: Seeded, near: string): string {
  return seeded
    .list(seeded.chance(0.05) ? 0 : 1, 3, () => oneSpecifier(seeded, near))
    .join(seeded.pick([',', ', ']));
}

function oneSpecifier(seeded: Seeded, near: string): string {
  const operator = seeded.pick(['==', '!=', '>=', '<=', '>', '<', '~=', '===', '==', '!=']);
  const gap = seeded.chance(0.1) ? ' ' : '';
  if (operator === '===') return operator + gap + (seeded.chance(0.6) ? near : pep440Text(seeded));
  let version = seeded.chance(0.5) ? near : prefix(seeded) + release(seeded) + tail(seeded);
  const exact = operator === '==' || operator === '!=';
  if (!exact && seeded.chance(0.9)) version = version.replace(/\+.*/s, '');
  if (exact && seeded.chance(0.4)) version = `${prefix(seeded)}${near.split(/[^\d.]/)[0] || '1'}.*`;
  if (seeded.chance(0.3)) version = version.replace(/[a-z].*/is, '');
  return spoiled(seeded, operator + gap + version);
}
