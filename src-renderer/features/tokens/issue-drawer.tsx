import { useState } from 'react';
import { Button, NativeSelect, SegmentedControl, Stack, TagsInput, TextInput } from '@mantine/core';
import { LayerDrawer } from '../../ui/layered.tsx';
import type { IssuedToken } from '../../../shared/contract/views.ts';
import type { ChannelId, EnvironmentId, TeamId } from '../../../shared/model/ids.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { reloadVault } from '../../state/live.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { ScopeSelect } from '../../ui/scope-select.tsx';
import { LifetimeField } from './lifetime-field.tsx';
import { defaultTtlDays, tokenLimits } from './token-limits.ts';

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
  const { teams, environments, channels, policies } = useDirectory();
  const [holderKind, setHolderKind] = useState<'person' | 'service'>('person');
  const [holderName, setHolderName] = useState('');
  const [chosenTeam, setTeam] = useState<TeamId>();
  const [chosenEnvironment, setEnvironment] = useState<EnvironmentId>();
  const [chosenChannels, setChannels] = useState<readonly ChannelId[]>([]);
  const [chosenTtl, setTtl] = useState<{ readonly days: number | undefined }>();
  const [networks, setNetworks] = useState<string[]>([]);
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
  const limits = tokenLimits(policies, teamId, environmentId);
  const ttlDays = chosenTtl === undefined ? defaultTtlDays(limits) : chosenTtl.days;
  const ready =
    holderName.trim() !== '' &&
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
        holder: { kind: holderKind, name: holderName.trim() },
        teamId,
        environmentId,
        channelIds: [...channelIds],
        ttlDays,
        networks,
        note: note.trim(),
      });
      void reloadVault();
      props.onIssued(issued);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void issue();
      }}
    >
      <Stack gap="md">
        <div>
          <div id="holder-kind" className="lk-label">
            Who uses it
          </div>
          <SegmentedControl
            aria-labelledby="holder-kind"
            fullWidth
            value={holderKind}
            onChange={(value) => setHolderKind(value === 'service' ? 'service' : 'person')}
            data={[
              { value: 'person', label: 'A person' },
              { value: 'service', label: 'A service' },
            ]}
          />
        </div>
        <TextInput
          label="Holder"
          placeholder={holderKind === 'person' ? 'Ada Lovelace' : 'nightly-build'}
          data-autofocus
          maxLength={64}
          value={holderName}
          onChange={(event) => setHolderName(event.currentTarget.value)}
        />
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
        />
        <LifetimeField
          label="Lifetime"
          value={ttlDays}
          limits={limits}
          onChange={(days) => setTtl({ days })}
        />
        <TagsInput
          label="Source networks"
          description={
            limits.networksPolicy === undefined
              ? 'Addresses or CIDR blocks from which it works. Empty: from anywhere.'
              : `Addresses or CIDR blocks. Policy ${limits.networksPolicy} asks for at least one.`
          }
          placeholder={networks.length === 0 ? '10.20.0.0/16' : ''}
          splitChars={[',', ' ', ';']}
          acceptValueOnBlur
          value={networks}
          onChange={setNetworks}
        />
        <TextInput
          label="Note"
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error !== undefined && <ErrorAlert error={error} />}
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
