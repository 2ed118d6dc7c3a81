import type { HolderKind } from '../../../shared/model/domain.ts';
import type { HolderId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.holderForm;

/** A holder as a form has it; with an id once it is known to be there. */
export type HolderForm = {
  readonly kind: HolderKind;
  readonly name: string;
  readonly id?: HolderId | undefined;
};

export const holderKinds: readonly {
  readonly kind: HolderKind;
  readonly label: string;
  readonly example: string;
}[] = [
  { kind: 'person', label: words.aPerson, example: words.examples.person },
  { kind: 'service', label: words.aService, example: words.examples.service },
  { kind: 'agent', label: words.anAgent, example: words.examples.agent },
];

/** The holder of this kind and name; names are unique within a kind. */
export function findHolder<H extends HolderForm>(holders: readonly H[], wanted: HolderForm): H | undefined {
  const name = wanted.name.trim();
  return holders.find((holder) => holder.kind === wanted.kind && holder.name === name);
}

/** The holder as the contract takes it. */
export function holderChoice(
  form: HolderForm,
): { readonly id: HolderId } | { readonly kind: HolderKind; readonly name: string } {
  return form.id === undefined ? { kind: form.kind, name: form.name.trim() } : { id: form.id };
}
