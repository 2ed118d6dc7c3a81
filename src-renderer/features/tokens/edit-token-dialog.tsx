import { useState } from 'react';
import { TextInput } from '@mantine/core';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import text from '../../ui/text.module.css';
import { NetworksField, requireNetworks } from '../../ui/networks-field.tsx';
import { PickSeveral } from '../../ui/form/pick-several.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import { DayField } from '../../ui/form/day-field.tsx';
import { useNow } from '../../ui/use-now.ts';
import { HolderField } from './holder-field.tsx';
import { endHint, isoDate, latestEndMs } from './lifetime.ts';
import type { TokenForm } from './token-change.ts';
import { tokenChangeOf, tokenForm, wideningOf } from './token-change.ts';
import { usePolicyHints } from './use-policy-hints.ts';

const words = texts.tokenForms.editTokenDialog;

/** Changes a token that works: the secret stays, what it may do does not. */
export function EditTokenDialog(props: { readonly token: TokenView; readonly onClose: () => void }) {
  const { token } = props;
  const channels = useDirectory((state) => state.channels);
  const hints = usePolicyHints(token.teamId, token.environmentId);
  const nowMs = useNow();
  const [form, setForm] = useState(() => tokenForm(token));
  const change = (part: Partial<TokenForm>) => setForm((before) => ({ ...before, ...part }));
  const offered = channels.filter(
    ({ id, environmentIds }) => environmentIds.includes(token.environmentId) || token.channelIds.includes(id),
  );
  const latestMs = latestEndMs(hints.maxTtlDays, token, nowMs);
  const draft = tokenChangeOf(token, form, latestMs);
  const widening = wideningOf(token, form);

  return (
    <FormOverlay
      title={words.editLk(token.id)}
      submit={words.save}
      size="lg"
      draft={{ ...form, channels: form.channelIds, lifetime: form.lastDay }}
      missing={
        (form.holder.name.trim() === '' ? texts.parts.missing.holder : undefined) ??
        (form.channelIds.length === 0 ? texts.parts.missing.channels : undefined) ??
        (draft === undefined ? texts.parts.missing.changes : undefined)
      }
      fields={['holder', 'note', 'channels', 'networks', 'lifetime']}
      onSubmit={async () => {
        if (draft === undefined) return;
        requireNetworks(form.networks);
        await api.tokens.change(draft);
        tellSuccess(words.savedLk(token.id));
      }}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <p className={cx(text.quiet, text.small)}>{words.theSecretStaysThe}</p>
          <HolderField value={form.holder} error={at.holder} onChange={(holder) => change({ holder })} />
          <PickSeveral
            label={words.channels}
            description={words.onlyThoseThatAre}
            entries={offered}
            value={form.channelIds}
            onChange={(channelIds) => change({ channelIds })}
            error={at.channels}
          />
          <NetworksField
            value={form.networks}
            hint={hints.networks}
            error={at.networks}
            onChange={(networks) => change({ networks })}
          />
          <DayField
            label={words.lastDay}
            description={endHint(hints.maxTtlDays, hints.lifetime, token)}
            minDate={isoDate(nowMs)}
            maxDate={isoDate(latestMs)}
            value={form.lastDay}
            onChange={(lastDay) => lastDay !== null && change({ lastDay })}
            error={at.lifetime}
          />
          <TextInput
            label={words.note}
            maxLength={limits.noteChars}
            value={form.note}
            onChange={(event) => change({ note: event.currentTarget.value })}
            error={at.note}
          />
          <p className={cx(text.small, text.quiet)} aria-live="polite">
            {widening.length > 0 && words.widens(widening)}
          </p>
        </>
      )}
    </FormOverlay>
  );
}
