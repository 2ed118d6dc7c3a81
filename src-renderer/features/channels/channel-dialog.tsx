import { useState } from 'react';
import { Alert, SegmentedControl, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconPlugConnected,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { ChannelView, ConnectionReport } from '../../../shared/contract/channel-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { PickSeveral } from '../../ui/form/pick-several.tsx';
import { SubmitButton } from '../../ui/form/submit-button.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';
import styles from './channel-dialog.module.css';
import type { ChannelForm } from './channel-draft.ts';
import {
  channelDraftOf,
  channelForm,
  channelNameProblem,
  missingOf,
  labelOf,
  lookForOf,
  lookForProblem,
  urlProblem,
} from './channel-draft.ts';
import { CredentialsFields } from './credentials-fields.tsx';
import { FolderFields } from './folder-fields.tsx';
import { PrivateHostsField } from './private-hosts-field.tsx';

const words = texts.channels.channelDialog;

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
  const draft = () => channelDraftOf(form, channel);
  const folders = useAnswer(form.source === 'folder' ? 'folders' : undefined, () => api.folders.list(), {
    causes: ['channels'],
  });
  const folder = folders.value?.find(({ label }) => label === labelOf(form));
  const missing = missingOf(form, channel === undefined && folder?.path === undefined, channel);

  const test = async () => {
    setTesting(true);
    setReport(undefined);
    setTestError(undefined);
    try {
      setReport(
        await api.channels.testConnection({
          ...draft(),
          ...lookForOf(form),
          ...(channel ? { id: channel.id } : {}),
        }),
      );
    } catch (error) {
      setTestError(error);
    } finally {
      setTesting(false);
    }
  };
  const save = async () => {
    if (channel === undefined) await api.channels.create(draft());
    else await api.channels.update({ ...draft(), id: channel.id });
    tellSuccess(channel === undefined ? words.createdChannel(form.name) : words.savedChannel(form.name));
  };

  return (
    <FormOverlay
      title={channel === undefined ? words.newChannel : words.editChannel}
      submit={channel === undefined ? words.createChannel : words.save}
      size="lg"
      draft={{
        ...form,
        folder: form.path,
        environments: form.environmentIds,
        'private-hosts': form.privateHosts,
      }}
      missing={missing}
      onSubmit={save}
      fields={['name', 'url', 'label', 'folder', 'private-hosts', 'environments', 'note']}
      onClose={props.onClose}
      result={
        (report !== undefined || testError !== undefined) && (
          <>
            {report && (
              <Alert
                color={report.ok ? 'teal' : 'red'}
                icon={report.ok ? <IconCircleCheck size={18} /> : <IconPlugConnectedX size={18} />}
                title={report.ok ? words.clientsGetPackages : words.clientsWouldGetNone}
              >
                {report.message} <span className={text.quiet}>{words.ms(Math.round(report.durationMs))}</span>
                <Steps report={report} />
              </Alert>
            )}
            {testError !== undefined && <ErrorAlert error={testError} />}
          </>
        )
      }
      extraAction={
        <SubmitButton
          variant="default"
          leftSection={<IconPlugConnected size={16} />}
          busy={testing}
          blocked={missing !== undefined || lookForProblem(form) !== undefined}
          onClick={() => void test()}
        >
          {words.testConnection}
        </SubmitButton>
      }
    >
      {({ at }) => (
        <>
          {channel?.problem?.code === 'credentials' && (
            <BrokenCredentials message={channel.problem.message} />
          )}
          <div>
            <div id="channel-kind" className={text.label}>
              {words.kind}
            </div>
            <SegmentedControl
              aria-labelledby="channel-kind"
              value={form.kind}
              onChange={(kind) => change({ kind: kind === 'pypi' ? 'pypi' : 'conda' })}
              data={[
                { value: 'conda', label: words.condaChannel },
                { value: 'pypi', label: words.pythonIndex },
              ]}
            />
          </div>
          <TextInput
            label={words.name}
            description={words.becomesAPartOf}
            placeholder={form.kind === 'conda' ? words.condaForge : words.pypi}
            data-autofocus
            value={form.name}
            onChange={(event) => change({ name: event.currentTarget.value.toLowerCase() })}
            error={at.name ?? (form.name === '' ? undefined : channelNameProblem(form, channel))}
          />
          <div>
            <div id="channel-source" className={text.label}>
              {words.packagesComeFrom}
            </div>
            <SegmentedControl
              aria-labelledby="channel-source"
              value={form.source}
              onChange={(source) => change({ source: source === 'folder' ? 'folder' : 'url' })}
              data={[
                { value: 'url', label: words.aUrl },
                { value: 'folder', label: words.aFolder },
              ]}
            />
          </div>
          {form.source === 'url' ? (
            <TextInput
              label={words.upstreamUrl}
              description={form.kind === 'conda' ? words.theChannelsAddressAbove : words.theBaseOfThe}
              placeholder={
                form.kind === 'conda' ? words.httpsPackagesExampleCom : words.httpsPackagesExampleCom2
              }
              type="url"
              value={form.url}
              onChange={(event) => change({ url: event.currentTarget.value })}
              error={at.url ?? urlProblem(form)}
            />
          ) : (
            <FolderFields form={form} folder={folder} own={channel?.name} at={at} onChange={change} />
          )}
          {form.source === 'url' && (
            <CredentialsFields form={form} stored={channel?.hasCredentials ?? false} onChange={change} />
          )}
          {form.source === 'url' && (
            <PrivateHostsField
              value={form.privateHosts}
              error={at['private-hosts']}
              onChange={(privateHosts) => change({ privateHosts })}
            />
          )}
          <PickSeveral
            label={words.environments}
            description={words.whereTokensMayUse}
            placeholder={words.noneYet}
            entries={environments}
            value={form.environmentIds}
            onChange={(environmentIds) => change({ environmentIds })}
            error={at.environments}
          />
          <TextInput
            label={words.note}
            maxLength={limits.noteChars}
            value={form.note}
            onChange={(event) => change({ note: event.currentTarget.value })}
            error={at.note}
          />
          <TextInput
            label={texts.channels.lookFor}
            description={texts.channels.lookForHelp(form.kind)}
            maxLength={200}
            spellCheck={false}
            value={form.lookFor}
            onChange={(event) => change({ lookFor: event.currentTarget.value })}
            error={lookForProblem(form)}
          />
        </>
      )}
    </FormOverlay>
  );
}

/** What was asked of the channel, as a client would. */
function Steps({ report }: { readonly report: ConnectionReport }) {
  return (
    <ul className={styles.steps}>
      {report.steps.map(({ path, status, reason }) => (
        <li key={path}>
          <span className={text.mono}>
            {status} {path}
          </span>
          {reason !== '' && status >= 400 && `: ${reason}`}
        </li>
      ))}
    </ul>
  );
}

function BrokenCredentials({ message }: { readonly message: string }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={words.theStoredCredentialsDo}>
      {words.chooseReplaceByBelow(message)}
    </Alert>
  );
}
