/**
 * Which keys a line brings, and for whom. Invariant: exactly those who by their role are entitled get a key, and every
 * key is the committed one; checked by names and recipients only, as the ciphertexts differ each time.
 */
import type { OperatorRole } from '../../shared/model/domain.ts';
import type { OperatorId } from '../../shared/model/ids.ts';
import type { AuthorityState } from './authority-state.ts';
import type { BroughtKey, KeyName, LinePayload } from './line.ts';

export const keyNames: readonly KeyName[] = ['org', 'upstream'];

/** `org` opens the events, so everybody holds it; `upstream` opens the credentials of channels. */
export const holdsKey = (role: OperatorRole, name: KeyName): boolean => name === 'org' || role === 'admin';

/** The keys that a line with `authority` must bring to the operator whom it names. */
export function keysDue(
  before: AuthorityState | undefined,
  authority: { readonly signer: OperatorId; readonly role: OperatorRole },
): readonly KeyName[] {
  const had = before?.operators.get(authority.signer);
  return keyNames.filter(
    (name) => holdsKey(authority.role, name) && (had === undefined || !holdsKey(had.role, name)),
  );
}

/** Why the keys of a line are not those that it must or may bring; undefined when they are. */
export function whyKeysUnfit(
  before: AuthorityState | undefined,
  clear: LinePayload['clear'],
  keys: LinePayload['keys'],
): string | undefined {
  const brought = keys ?? [];
  const names = brought.map(({ name }) => name);
  if (!isInOrder(names)) return 'its keys are not each named once and in order';
  for (const key of brought) {
    if (before !== undefined && before.keys.get(`${key.name}/${key.epoch}`) !== key.commitment)
      return `it brings another key than the committed ${key.name}`;
  }
  if ('authority' in clear) {
    const { authority } = clear;
    const due = keysDue(before, authority);
    if (due.join() !== names.join()) return `it must bring exactly the keys: ${due.join(', ') || 'none'}`;
    const isForThem = brought.every(
      ({ grants }) => grants.length === 1 && grants[0]?.operator === authority.signer,
    );
    return isForThem ? undefined : 'its keys must be for the operator whom it names, and nobody else';
  }
  if (brought.length === 0) return undefined;
  if ('format' in clear || 'restored' in clear || ('denies' in clear && clear.denies !== undefined))
    return 'it may not bring keys';
  for (const key of brought) {
    const why = whyReceiversUnfit(before, key);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyReceiversUnfit(before: AuthorityState | undefined, key: BroughtKey): string | undefined {
  const receivers = key.grants.map(({ operator }) => operator);
  if (new Set(receivers).size !== receivers.length) return 'it grants a key twice to one operator';
  for (const receiver of receivers) {
    const operator = before?.operators.get(receiver);
    if (operator === undefined || operator.removed) return 'it grants a key to nobody known';
    if (!holdsKey(operator.role, key.name)) return `the role ${operator.role} does not hold ${key.name}`;
  }
  return undefined;
}

const isInOrder = (names: readonly KeyName[]): boolean =>
  keyNames.filter((name) => names.includes(name)).join() === names.join();
