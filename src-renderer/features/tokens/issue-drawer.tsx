import { useState } from 'react';
import { NativeSelect, TextInput } from '@mantine/core';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import type { ChannelId, EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { PickSeveral } from '../../ui/form/pick-several.tsx';
import layout from '../../ui/layout.module.css';
import type { NetworksChoice } from '../../ui/networks-field.tsx';
import { NetworksField, requireNetworks } from '../../ui/networks-field.tsx';
import { HolderField } from './holder-field.tsx';
import type { HolderForm } from './holder-form.ts';
import { holderChoice } from './holder-form.ts';
import { defaultTtlDays } from './lifetime.ts';
import { LifetimeField } from './lifetime-field.tsx';
import { usePolicyHints } from './use-policy-hints.ts';

const own = texts.tokenForms.issueDrawer;

/** The form of a new token. Main decides whether it may be issued; a refusal says every reason. */
export function IssueDrawer(props: {
  readonly onIssued: (issued: IssuedToken) => void;
  readonly onClose: () => void;
}) {
  const { teams, environments, channels } = useDirectory();
  const [holder, setHolder] = useState<HolderForm>({ kind: 'person', name: '' });
  const [chosenTeam, setTeam] = useState<TeamId>();
  const [chosenEnvironment, setEnvironment] = useState<EnvironmentId>();
  const [chosenChannels, setChannels] = useState<readonly ChannelId[]>([]);
  const [chosenTtl, setTtl] = useState<{ readonly days: number | undefined }>();
  const [chosenNetworks, setNetworks] = useState<NetworksChoice>();
  const [note, setNote] = useState('');

  // The lists may arrive after the drawer is open; the first entry is what the select shows.
  const teamId = chosenTeam ?? teams[0]?.id;
  const environmentId = chosenEnvironment ?? environments[0]?.id;
  const available = channels.filter(
    (channel) => environmentId !== undefined && channel.environmentIds.includes(environmentId),
  );
  const channelIds = chosenChannels.filter((id) => available.some((channel) => channel.id === id));
  const hints = usePolicyHints(teamId, environmentId);
  const networks = chosenNetworks ?? (hints.networksRequired ? [] : 'anywhere');
  const ttlDays = chosenTtl === undefined ? defaultTtlDays(hints.maxTtlDays) : chosenTtl.days;
  const words = texts.parts.missing;
  const missing =
    (holder.name.trim() === '' ? words.holder : undefined) ??
    (teamId === undefined ? words.team : undefined) ??
    (environmentId === undefined ? words.environment : undefined) ??
    (channelIds.length === 0 ? words.channels : undefined) ??
    (ttlDays === undefined ? words.lastDay : undefined);

  const issue = async () => {
    if (teamId === undefined || environmentId === undefined || ttlDays === undefined) return;
    const issued = await api.tokens.issue({
      holder: holderChoice(holder),
      teamId,
      environmentId,
      channelIds: [...channelIds],
      ttlDays,
      networks: requireNetworks(networks),
      note: note.trim(),
    });
    props.onIssued(issued);
  };

  return (
    <FormOverlay
      kind="drawer"
      title={own.issueToken}
      submit={own.issueToken}
      draft={{
        holder: holder.name,
        kind: holder.kind,
        team: chosenTeam,
        environment: chosenEnvironment,
        channels: chosenChannels,
        lifetime: chosenTtl?.days,
        networks: chosenNetworks,
        note,
      }}
      missing={missing}
      fields={['holder', 'channels', 'lifetime', 'networks', 'note']}
      onSubmit={issue}
      onClose={props.onClose}
      // After success the secret stands where this drawer stood.
      keepOpen
    >
      {({ at }) => (
        <>
          <HolderField value={holder} onChange={setHolder} error={at.holder} autoFocus />
          <div className={layout.pair}>
            <NativeSelect
              label={own.team}
              data={teams.map((team) => ({ value: team.id, label: team.name }))}
              value={teamId ?? ''}
              onChange={(event) => setTeam(teams.find((team) => team.id === event.currentTarget.value)?.id)}
            />
            <NativeSelect
              label={own.environment}
              data={environments.map((entry) => ({
                value: entry.id,
                label: entry.isProtected ? own.protected(entry.name) : entry.name,
              }))}
              value={environmentId ?? ''}
              onChange={(event) =>
                setEnvironment(environments.find((entry) => entry.id === event.currentTarget.value)?.id)
              }
            />
          </div>
          <PickSeveral
            label={own.channels}
            description={own.onlyThoseThatAre}
            placeholder={available.length === 0 ? own.noneIsAvailableThere : own.chooseChannels}
            entries={available}
            value={channelIds}
            onChange={setChannels}
            nothingFound={own.noSuchChannel}
            error={at.channels}
          />
          <LifetimeField
            label={own.lifetime}
            value={ttlDays}
            hints={hints}
            error={at.lifetime}
            onChange={(days) => setTtl({ days })}
          />
          <NetworksField value={networks} hint={hints.networks} error={at.networks} onChange={setNetworks} />
          <TextInput
            label={own.note}
            maxLength={limits.noteChars}
            value={note}
            error={at.note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </>
      )}
    </FormOverlay>
  );
}
