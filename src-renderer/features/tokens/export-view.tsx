import { useEffect, useState } from 'react';
import { Alert, Skeleton, Stack, Tabs } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { RenderedExport } from '../../../shared/contract/export-views.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { ExportFormatId, ExportGroup } from '../../../shared/model/export-formats.ts';
import {
  exportFormats,
  exportFormatsFor,
  exportGroups,
  formatsOf,
} from '../../../shared/model/export-formats.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { cx } from '../../ui/cx.ts';
import styles from './export-view.module.css';
import { ExportFacts } from './export-facts.tsx';
import { ExportFile } from './export-file.tsx';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.exportView;

/** Ready-made configs of one token, a tab per format, the recommended ones first. With `secret` they work as they are. */
export function ExportView(props: {
  readonly token: TokenView;
  readonly secret?: string;
  /** Something was copied or saved. */
  readonly onTaken?: () => void;
}) {
  const channels = useDirectory((state) => state.channels);
  const formats = exportFormatsFor(
    new Set(
      channels
        .filter((channel) => props.token.channelIds.includes(channel.id))
        .map((channel) => channel.kind),
    ),
  );
  const [chosen, setChosen] = useState<ExportFormatId>();
  const format = chosen ?? formats[0];
  if (format === undefined) return null;
  return (
    <Tabs
      className={cx(styles.view)}
      orientation="vertical"
      value={format}
      onChange={(value) => setChosen(formats.find((id) => id === value))}
      keepMounted={false}
    >
      <div className={styles.nav}>
        {exportGroups.map((group) => (
          <FormatGroup key={group} group={group} formats={formatsOf(group, formats)} active={format} />
        ))}
      </div>
      {formats.map((id) => (
        <Tabs.Panel key={id} value={id}>
          <OneExport key={id} format={id} {...props} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** One list per group, each with a place in the order of the Tab key: the arrow keys stay within a list. */
function FormatGroup(props: {
  readonly group: ExportGroup;
  readonly formats: readonly ExportFormatId[];
  readonly active: ExportFormatId;
}) {
  const { group, formats, active } = props;
  if (formats.length === 0) return null;
  const reachable = formats.includes(active) ? active : formats[0];
  return (
    <div>
      <p className={styles.group} aria-hidden="true">
        {words.groups[group]}
      </p>
      <Tabs.List className={cx(styles.list)} aria-label={words.groups[group]}>
        {formats.map((id) => (
          <Tabs.Tab key={id} value={id} className={cx(styles.tab)} tabIndex={id === reachable ? 0 : -1}>
            {exportFormats[id].short}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </div>
  );
}

function OneExport(props: {
  readonly format: ExportFormatId;
  readonly token: TokenView;
  readonly secret?: string;
  readonly onTaken?: () => void;
}) {
  const { format, token, secret } = props;
  const [rendered, setRendered] = useState<RenderedExport>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const request = { format, tokenId: token.id, ...(secret === undefined ? {} : { secret }) };
  useEffect(() => {
    let current = true;
    setError(undefined);
    api.exports.render({ format, tokenId: token.id, ...(secret === undefined ? {} : { secret }) }).then(
      (answer) => {
        if (current) setRendered(answer);
      },
      (caught: unknown) => {
        if (current) setError(caught);
      },
    );
    return () => {
      current = false;
    };
  }, [format, token.id, secret, attempt]);

  if (error !== undefined)
    return <ErrorAlert error={error} onRetry={() => setAttempt((count) => count + 1)} />;
  if (rendered === undefined) return <Skeleton height={180} aria-busy="true" />;
  // A command carries the secret exactly when the text does.
  const isSecret = (shown: string) => secret !== undefined && shown.includes(secret);
  const taken = props.onTaken === undefined ? {} : { onCopied: props.onTaken };
  return (
    <Stack gap="md">
      <div>
        <h3 className={styles.title}>{rendered.title}</h3>
        <p className={text.quiet}>{rendered.summary}</p>
      </div>
      {rendered.warnings.length > 0 && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="alert" p="sm">
          {rendered.warnings.map((warning) => (
            <p key={warning} className={text.small}>
              {warning}
            </p>
          ))}
        </Alert>
      )}
      <ExportFacts rendered={rendered} />
      {rendered.commands.map((entry) => (
        <CodeBlock
          key={entry.title}
          label={entry.title}
          code={entry.command}
          wrap
          actions={
            <CopyButton
              text={entry.command}
              what={words.command(entry.title)}
              secret={isSecret(entry.command)}
              {...taken}
            />
          }
        />
      ))}
      {rendered.files.map((file, index) => (
        <ExportFile
          key={file.name}
          file={file}
          where={rendered.where[index]}
          request={request}
          {...(props.onTaken === undefined ? {} : { onTaken: props.onTaken })}
        />
      ))}
      {rendered.checkCommand !== '' && (
        <CodeBlock
          label={words.checkThatItWorks}
          code={rendered.checkCommand}
          wrap
          actions={
            <CopyButton
              text={rendered.checkCommand}
              what={words.checkCommand}
              secret={isSecret(rendered.checkCommand)}
            />
          }
        />
      )}
      {rendered.notes.length > 0 && (
        <Alert variant="light" color="gray" icon={<IconInfoCircle size={18} />} p="sm">
          {rendered.notes.map((note) => (
            <p key={note} className={text.small}>
              {note}
            </p>
          ))}
        </Alert>
      )}
    </Stack>
  );
}
