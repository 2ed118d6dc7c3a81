import { useState } from 'react';
import type { IssuedToken, TokenView } from '../../../shared/contract/token-views.ts';
import { limits, usual } from '../../../shared/model/domain.ts';
import { dayMs, hoursPerDay } from '../../../shared/model/time.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { NumberField, numberProblem } from '../../ui/form/number-field.tsx';
import { exactTime } from '../../ui/format.ts';
import { useNow } from '../../ui/use-now.ts';
import { defaultTtlDays } from './lifetime.ts';
import { LifetimeField } from './lifetime-field.tsx';
import { usePolicyHints } from './use-policy-hints.ts';

const words = texts.tokens.rotate;

/** Days. The contract counts hours, for scripts. */
const overlaps = { least: 0, most: limits.overlapDays } as const;

/** Issues a successor and leaves the predecessor valid for a while. */
export function RotateDialog(props: {
  readonly token: TokenView;
  readonly onRotated: (issued: IssuedToken) => void;
  readonly onClose: () => void;
}) {
  const { token } = props;
  const hints = usePolicyHints(token.teamId, token.environmentId);
  const [overlapDays, setOverlapDays] = useState<TypedNumber>(usual.overlapDays);
  const [chosenTtl, setTtl] = useState<{ readonly days: number | undefined }>();
  const ttlDays = chosenTtl === undefined ? defaultTtlDays(hints.maxTtlDays) : chosenTtl.days;
  const nowMs = useNow();
  const bothUntilMs = Math.min(token.expiresAtMs, nowMs + Number(overlapDays) * dayMs);

  return (
    <FormOverlay
      title={words.title(token.id)}
      submit={words.submit}
      draft={{ overlapDays, lifetime: chosenTtl?.days }}
      missing={
        numberProblem(overlapDays, overlaps) ??
        (ttlDays === undefined ? texts.parts.missing.lastDay : undefined)
      }
      onSubmit={async () => {
        if (ttlDays === undefined) return;
        const overlapHours = Number(overlapDays) * hoursPerDay;
        const issued = await api.tokens.rotate({ id: token.id, overlapHours, ttlDays });
        props.onRotated(issued);
      }}
      // After success the secret stands where this dialog stood; closing would take it away again.
      onClose={props.onClose}
      fields={['lifetime']}
      keepOpen
    >
      {(problems) => (
        <>
          <p>
            {words.before(token.holder.name)}
            <strong>{exactTime(bothUntilMs)}</strong>
            {words.after}
          </p>
          <NumberField
            label={words.overlap}
            description={words.overlapHelp}
            suffix={words.days}
            {...overlaps}
            autoFocus
            value={overlapDays}
            onChange={setOverlapDays}
          />
          <LifetimeField
            label={words.lifetime}
            value={ttlDays}
            hints={hints}
            error={problems.at.lifetime}
            onChange={(days) => setTtl({ days })}
          />
        </>
      )}
    </FormOverlay>
  );
}
