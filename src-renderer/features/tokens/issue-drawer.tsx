import { useState } from 'react';
import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { LayerDrawer } from '../../ui/layered.tsx';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import type { ChannelId, EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { api } from '../../client/api.ts';
import { fieldProblems } from '../../client/field-problems.ts';
import { useDirectory } from '../../state/directory.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import type { NetworksChoice } from '../../ui/networks-field.tsx';
import { NetworksField, requireNetworks } from '../../ui/networks-field.tsx';
import { ScopeSelect } from '../../ui/scope-select.tsx';
import { useShownProblem } from '../../ui/use-shown-problem.ts';
import { HolderField } from './holder-field.tsx';
import type { HolderForm } from './holder-form.ts';
import { holderChoice } from './holder-form.ts';
import { defaultTtlDays } from './lifetime.ts';
import { LifetimeField } from './lifetime-field.tsx';
import { usePolicyHints } from './use-policy-hints.ts';

/** The form of a new token. Main decides whether it may be issued; a refusal says every reason. */
export function IssueDrawer(props: {
  readonly onIssued: (issued: IssuedToken) => void;
  readonly onClose: () => void;
}) {
  return (
    <LayerDrawer opened onClose={props.onClose} size={520} title="Issue token" closeOnClickOutside={false}>
      <IssueForm {...props} />
    </LayerDrawer>
  );
}

function IssueForm(props: {
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

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
  const form = useShownProblem(error);
  const problems = fieldProblems(error, ['holder', 'channels', 'lifetime', 'networks', 'note']);
  const ready =
    holder.name.trim() !== '' &&
    teamId !== undefined &&
    environmentId !== undefined &&
    channelIds.length > 0 &&
    ttlDays !== undefined;

  const issue = async () => {
    if (teamId === undefined || environmentId === undefined || ttlDays === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
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
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void issue();
      }}
    >
      <Stack gap="md">
        <HolderField value={holder} onChange={setHolder} error={problems.at.holder} autoFocus />
        <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 12 }}>
          <NativeSelect
            label="Team"
            data={teams.map((team) => ({ value: team.id, label: team.name }))}
            value={teamId ?? ''}
            onChange={(event) => setTeam(teams.find((team) => team.id === event.currentTarget.value)?.id)}
          />
          <NativeSelect
            label="Environment"
            data={environments.map((entry) => ({
              value: entry.id,
              label: entry.isProtected ? `${entry.name} (protected)` : entry.name,
            }))}
            value={environmentId ?? ''}
            onChange={(event) =>
              setEnvironment(environments.find((entry) => entry.id === event.currentTarget.value)?.id)
            }
          />
        </div>
        <ScopeSelect
          label="Channels"
          description="Only those that are available in the environment."
          placeholder={available.length === 0 ? 'None is available there' : 'Choose channels'}
          entries={available}
          value={channelIds}
          onChange={setChannels}
          nothingFound="No channel of this name is available in the environment."
          error={problems.at.channels}
        />
        <LifetimeField
          label="Lifetime"
          value={ttlDays}
          hints={hints}
          error={problems.at.lifetime}
          onChange={(days) => setTtl({ days })}
        />
        <NetworksField
          value={networks}
          hint={hints.networks}
          error={problems.at.networks}
          onChange={setNetworks}
        />
        <TextInput
          label="Note"
          maxLength={limits.noteChars}
          value={note}
          error={problems.at.note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error !== undefined && !problems.isWhole && <ErrorAlert error={error} />}
      </Stack>
      <div className="lk-form-foot">
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={!ready}>
          Issue token
        </Button>
      </div>
    </form>
  );
}
