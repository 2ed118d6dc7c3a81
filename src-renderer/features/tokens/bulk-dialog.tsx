import { useState } from 'react';
import type { BulkOutcome, TokenSelection } from '../../../shared/contract/bulk-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import { BulkFields } from './bulk-fields.tsx';
import type { ActType } from './bulk-form.ts';
import { actOf, emptyBulkForm, questionOf } from './bulk-form.ts';
import { BulkPreview } from './bulk-preview.tsx';

const words = texts.bulk;
/** Typing rests so long before it is counted what would change. */
const restMs = 200;

/** One act on one token or several: what it needs, what it would change, and then the act. Cancel is the default. */
export function BulkDialog(props: {
  readonly type: ActType;
  readonly selection: TokenSelection;
  /** Of one token, for the button. */
  readonly name?: string;
  readonly onDone: (outcome: BulkOutcome) => void;
  readonly onClose: () => void;
}) {
  const { type, selection, name } = props;
  const [form, setForm] = useState(emptyBulkForm);
  const question = questionOf(type, form);
  const key = question && JSON.stringify([selection, question]);
  const preview = useAnswer(
    key,
    async () => (question === undefined ? undefined : api.tokens.planBulk({ selection, act: question })),
    { causes: ['tokens', 'channels', 'policies'], delayMs: restMs },
  );
  const plan = key === undefined || preview.isStale ? undefined : preview.value;
  const act = actOf(type, form);
  const submit = async () => {
    if (plan === undefined || act === undefined) return;
    const outcome = await api.tokens.applyBulk({ selection, act, plan: plan.plan });
    tellSuccess(words.done[type](outcome.changed));
    props.onDone(outcome);
  };
  const what = name ?? words.tokens(plan?.changes ?? 0);

  return (
    <FormOverlay
      title={words.titles[type](name === undefined ? 2 : 1)}
      size="lg"
      submit={words.submit(words.verbs[type], what)}
      draft={form}
      missing={missingOf(type, plan, question !== undefined, act !== undefined)}
      fields={['note', 'channels', 'networks', 'lifetime']}
      onSubmit={submit}
      onClose={props.onClose}
      isDestructive={type === 'revoke'}
      result={preview.problem !== undefined && <ErrorAlert error={preview.problem} />}
    >
      {({ at }) => (
        <>
          <p>{words.leads[type](name === undefined ? 2 : 1)}</p>
          <BulkFields
            type={type}
            form={form}
            at={at}
            onChange={(part) => setForm((before) => ({ ...before, ...part }))}
          />
          {question !== undefined && preview.problem === undefined && <BulkPreview plan={plan} />}
        </>
      )}
    </FormOverlay>
  );
}

/** Why the act cannot be done yet. */
function missingOf(
  type: ActType,
  plan: { readonly changes: number; readonly most: number } | undefined,
  isAsked: boolean,
  isSaid: boolean,
): string | undefined {
  if (!isAsked) return type === 'narrow' ? words.nothingYet : words.numbersWrong;
  if (plan === undefined) return words.counting;
  if (plan.changes === 0) return words.nothingChanges;
  if (plan.changes > plan.most) return words.tooMany(plan.most);
  return isSaid ? undefined : words.reasonMissing;
}
