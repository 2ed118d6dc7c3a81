import { Autocomplete, SegmentedControl } from '@mantine/core';
import type { HolderView } from '../../../shared/contract/directory-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import text from '../../ui/text.module.css';
import type { HolderForm } from './holder-form.ts';
import { findHolder, holderKinds } from './holder-form.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.holderField;

const delayMs = 150;
/** Enough to see whether a name is known; more letters make the list shorter. */
const offered = 50;

/** Who uses a token: one of the holders that there are, or a new one by kind and name. */
export function HolderField(props: {
  readonly value: HolderForm;
  readonly error?: string | undefined;
  readonly autoFocus?: boolean;
  readonly onChange: (holder: HolderForm) => void;
}) {
  const { value, onChange } = props;
  const search = value.name.trim();
  const { value: answer, isStale } = useAnswer(search, () => api.holders.list({ search, limit: offered }), {
    causes: ['holders', 'tokens'],
    delayMs,
  });
  const holders = answer?.rows ?? [];
  const known = findHolder(holders, value);
  const rename = (name: string) => {
    const found = findHolder(holders, { kind: value.kind, name });
    onChange({ kind: value.kind, name, id: found?.id });
  };
  return (
    <>
      <div>
        <div id="holder-kind" className={text.label}>
          {words.whoUsesIt}
        </div>
        <SegmentedControl
          aria-labelledby="holder-kind"
          fullWidth
          value={value.kind}
          onChange={(chosen) => {
            const kind = holderKinds.find((entry) => entry.kind === chosen)?.kind ?? value.kind;
            onChange({ kind, name: value.name, id: findHolder(holders, { kind, name: value.name })?.id });
          }}
          data={holderKinds.map(({ kind, label }) => ({ value: kind, label }))}
        />
      </div>
      <Autocomplete
        label={words.holder}
        description={hintOf(value, known, isStale)}
        placeholder={holderKinds.find(({ kind }) => kind === value.kind)?.example}
        data-autofocus={props.autoFocus || undefined}
        maxLength={limits.nameChars}
        data={holders.filter(({ kind }) => kind === value.kind).map(({ name }) => name)}
        // The host has searched already.
        filter={({ options }) => options}
        limit={8}
        value={value.name}
        onChange={rename}
        error={props.error}
      />
    </>
  );
}

function hintOf(value: HolderForm, known: HolderView | undefined, isStale: boolean): string {
  if (known !== undefined) return words.known[value.kind](known.activeTokens);
  if (value.name.trim() === '' || isStale) return words.choose;
  return words.added[value.kind];
}
