import { useState } from 'react';
import { Alert, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconCircleCheck, IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import type { ChannelView, ConnectionReport } from '../../../shared/contract/views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { reloadVault } from '../../state/live.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormModal } from '../../ui/form-modal.tsx';
import { nameProblem } from '../../ui/name-check.ts';
import { ScopeSelect } from '../../ui/scope-select.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import type { ChannelForm } from './channel-draft.ts';
import { channelDraftOf, channelForm, isComplete, sourceProblem } from './channel-draft.ts';
import { CredentialsFields } from './credentials-fields.tsx';

/** Makes a channel, or changes one; tries the connection before saving. */
export function ChannelDialog(props: {
  readonly channel: ChannelView | undefined;
  readonly onClose: () => void;
}) {
  const { channel } = props;
  const environments = useDirectory((state) => state.environments);
  const [form, setForm] = useState(() =>
    channelForm(
      channel,
      environments.map((entry) => entry.id),
    ),
  );
  const [testing, setTesting] = useState(false);
  const [report, setReport] = useState<ConnectionReport>();
  const [testError, setTestError] = useState<unknown>();
  const change = (part: Partial<ChannelForm>) => {
    setForm((before) => ({ ...before, ...part }));
    setReport(undefined);
    setTestError(undefined);
  };
  const draft = () => channelDraftOf(form, channel?.hasCredentials ?? false);

  const test = async () => {
    setTesting(true);
    setReport(undefined);
    setTestError(undefined);
    try {
      setReport(await api.channels.testConnection({ ...draft(), ...(channel ? { id: channel.id } : {}) }));
    } catch (error) {
      setTestError(error);
    } finally {
      setTesting(false);
    }
  };
  const save = async () => {
    if (channel === undefined) await api.channels.create(draft());
    else await api.channels.update({ ...draft(), id: channel.id });
    tellSuccess(channel === undefined ? `Created channel ${form.name}.` : `Saved channel ${form.name}.`);
    void reloadVault();
  };

  return (
    <FormModal
      title={channel === undefined ? 'New channel' : 'Edit channel'}
      submit={channel === undefined ? 'Create channel' : 'Save'}
      size="lg"
      canSubmit={isComplete(form)}
      onSubmit={save}
      onClose={props.onClose}
      extraAction={
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          loading={testing}
          disabled={!isComplete(form)}
          onClick={() => void test()}
        >
          Test connection
        </Button>
      }
    >
      <div>
        <div id="channel-kind" className="lk-label">
          Kind
        </div>
        <SegmentedControl
          aria-labelledby="channel-kind"
          value={form.kind}
          onChange={(kind) => change({ kind: kind === 'pypi' ? 'pypi' : 'conda' })}
          data={[
            { value: 'conda', label: 'Conda channel' },
            { value: 'pypi', label: 'Python index' },
          ]}
        />
      </div>
      <TextInput
        label="Name"
        description="Becomes a part of the address that clients use."
        placeholder={form.kind === 'conda' ? 'conda-forge' : 'pypi'}
        data-autofocus
        value={form.name}
        onChange={(event) => change({ name: event.currentTarget.value.toLowerCase() })}
        error={form.name === '' ? undefined : nameProblem(form.name)}
      />
      <div>
        <div id="channel-source" className="lk-label">
          Packages come from
        </div>
        <SegmentedControl
          aria-labelledby="channel-source"
          value={form.source}
          onChange={(source) => change({ source: source === 'folder' ? 'folder' : 'url' })}
          data={[
            { value: 'url', label: 'A URL' },
            { value: 'folder', label: 'A folder' },
          ]}
        />
      </div>
      {form.source === 'url' ? (
        <TextInput
          label="Upstream URL"
          description={
            form.kind === 'conda'
              ? 'The channel’s address, above its subdirs such as noarch.'
              : 'The base of the simple index, e.g. …/simple/. Any path works.'
          }
          placeholder={
            form.kind === 'conda'
              ? 'https://packages.example.com/conda/main'
              : 'https://packages.example.com/simple/'
          }
          type="url"
          value={form.url}
          onChange={(event) => change({ url: event.currentTarget.value })}
          error={sourceProblem(form)}
        />
      ) : (
        <TextInput
          label="Folder"
          description={
            form.kind === 'conda'
              ? 'Holds noarch and other subdirs with repodata.json.'
              : 'Holds wheels and sdists.'
          }
          placeholder="/srv/packages"
          value={form.path}
          onChange={(event) => change({ path: event.currentTarget.value })}
          error={sourceProblem(form)}
        />
      )}
      {form.source === 'url' && (
        <CredentialsFields form={form} stored={channel?.hasCredentials ?? false} onChange={change} />
      )}
      <ScopeSelect
        label="Environments"
        description="Where tokens may use this channel."
        placeholder="None yet"
        entries={environments}
        value={form.environmentIds}
        onChange={(environmentIds) => change({ environmentIds })}
      />
      <TextInput
        label="Note"
        maxLength={500}
        value={form.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <div aria-live="polite">
        {report && (
          <Alert
            color={report.ok ? 'teal' : 'red'}
            icon={report.ok ? <IconCircleCheck size={18} /> : <IconPlugConnectedX size={18} />}
            title={report.ok ? 'Connection works' : 'Connection failed'}
          >
            {report.message} <span className="lk-quiet">({Math.round(report.durationMs)} ms)</span>
          </Alert>
        )}
        {testError !== undefined && <ErrorAlert error={testError} />}
      </div>
    </FormModal>
  );
}
