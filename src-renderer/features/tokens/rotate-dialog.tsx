import { useState } from 'react';
import type { IssuedToken, TokenView } from '../../../shared/contract/token-views.ts';
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

const hourMs = 3_600_000;

const overlaps = { least: 0, most: 2160 } as const;

/** Issues a successor and leaves the predecessor valid for a while. */
export function RotateDialog(props: {
  readonly token: TokenView;
  readonly onRotated: (issued: IssuedToken) => void;
  readonly onClose: () => void;
}) {
  const { token } = props;
  const hints = usePolicyHints(token.teamId, token.environmentId);
  const [overlapHours, setOverlapHours] = useState<TypedNumber>(168);
  const [chosenTtl, setTtl] = useState<{ readonly days: number | undefined }>();
  const ttlDays = chosenTtl === undefined ? defaultTtlDays(hints.maxTtlDays) : chosenTtl.days;
  const nowMs = useNow();
  const bothUntilMs = Math.min(token.expiresAtMs, nowMs + Number(overlapHours) * hourMs);

  return (
    <FormOverlay
      title={`Rotate lk-${token.id}`}
      submit="Rotate"
      draft={{ overlapHours, lifetime: chosenTtl?.days }}
      missing={
        numberProblem(overlapHours, overlaps) ??
        (ttlDays === undefined ? texts.parts.missing.lastDay : undefined)
      }
      onSubmit={async () => {
        if (ttlDays === undefined) return;
        const issued = await api.tokens.rotate({ id: token.id, overlapHours: Number(overlapHours), ttlDays });
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
            {token.holder.name} gets a new token with the same team, environment and channels. Both work until{' '}
            <strong>{exactTime(bothUntilMs)}</strong>, so that nothing breaks while configs are replaced. The
            old token’s usage shows who still has it.
          </p>
          <NumberField
            label="Overlap"
            description="How long both work. 0 ends the old one at once."
            suffix=" hours"
            {...overlaps}
            autoFocus
            value={overlapHours}
            onChange={setOverlapHours}
          />
          <LifetimeField
            label="Lifetime of the new token"
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
