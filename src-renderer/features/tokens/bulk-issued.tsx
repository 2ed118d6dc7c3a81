import { useState } from 'react';
import { Alert, Button, Stack } from '@mantine/core';
import { IconDeviceFloppy, IconEyeOff } from '@tabler/icons-react';
import type { BulkOutcome } from '../../../shared/contract/bulk-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { Loss } from '../../ui/overlay/overlay.tsx';
import { CloseOverlay, Overlay } from '../../ui/overlay/overlay.tsx';
import type { SeenOnce } from '../../ui/seen-once.ts';
import { useSeenOnce } from '../../ui/seen-once.ts';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import plain from '../../ui/plain-table.module.css';
import text from '../../ui/text.module.css';
import type { TableExport } from '../lists/export-menu.tsx';
import { TablePathDialog } from '../lists/export-menu.tsx';
import styles from './tokens.module.css';

const words = texts.bulk.issued;

const notTaken: Loss = {
  title: words.askTitle,
  text: words.askText,
  discard: words.closeAnyway,
  keep: words.goBack,
};

/** The one time that the secrets of several new tokens are seen. They live in this component and go with it. */
export function BulkIssued(props: { readonly outcome: SeenOnce<BulkOutcome>; readonly onClose: () => void }) {
  const { issued } = useSeenOnce(props.outcome);
  const host = useSession((state) => state.host);
  const [copied, setCopied] = useState<ReadonlySet<string>>(new Set());
  const [isSaved, setSaved] = useState(false);
  const [dialog, setDialog] = useState<'path'>();
  const isTaken = isSaved || copied.size === issued.length;
  const file: TableExport = {
    name: 'new-tokens',
    source: () => ({
      of: 'secrets',
      issued: issued.map(({ token, secret }) => ({ tokenId: token.id, secret })),
    }),
  };
  const save = async () => {
    if (host?.saveDialog !== 'native') {
      setDialog('path');
      return;
    }
    try {
      const saved = await api.exports.saveTable({
        name: file.name,
        format: 'csv',
        source: await file.source(),
      });
      tellSuccess(texts.tables.file.done(saved.rows, saved.path));
      setSaved(true);
    } catch (error) {
      if (!hasCode(error, 'CANCELLED')) tellFailure(error);
    }
  };

  return (
    <Overlay
      size="xl"
      title={words.title(issued.length)}
      onClose={props.onClose}
      loss={isTaken ? undefined : notTaken}
      foot={
        <>
          <Button
            variant={isTaken ? 'default' : 'filled'}
            leftSection={<IconDeviceFloppy size={16} aria-hidden="true" />}
            onClick={() => void save()}
          >
            {words.save}
          </Button>
          <CloseOverlay variant={isTaken ? 'filled' : 'default'}>{words.done}</CloseOverlay>
        </>
      }
    >
      <Stack gap="md">
        <Alert color="yellow" icon={<IconEyeOff size={18} />} p="sm">
          {words.lead}
        </Alert>
        <div className={styles.preview} tabIndex={0} role="region" aria-label={words.table}>
          <table className={plain.table} aria-label={words.table}>
            <thead>
              <tr>
                <th scope="col">{words.holder}</th>
                <th scope="col">{words.replaces}</th>
                <th scope="col">{words.token}</th>
                <th scope="col">
                  <span className={text.hidden}>{texts.tables.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {issued.map(({ token, secret, replaces }) => (
                <tr key={token.id}>
                  <td>{token.holder.name}</td>
                  <td className={text.mono}>lk-{replaces}</td>
                  <td>
                    <code className={styles.secret}>{secret}</code>
                  </td>
                  <td>
                    <CopyButton
                      text={secret}
                      secret
                      what={words.copy(token.holder.name)}
                      onCopied={() => setCopied((before) => new Set([...before, token.id]))}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Stack>
      {dialog === 'path' && (
        <TablePathDialog
          file={file}
          format="csv"
          title={words.saveTitle}
          text={words.saveText(issued.length)}
          onSaved={() => setSaved(true)}
          onClose={() => setDialog(undefined)}
        />
      )}
    </Overlay>
  );
}
