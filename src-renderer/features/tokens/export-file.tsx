import { useState } from 'react';
import { Badge, Button } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import type { RenderedExport } from '../../../shared/contract/export-views.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import type { ExportRequest } from './export-request.ts';
import styles from './export-file.module.css';
import { SavePathDialog } from './save-path-dialog.tsx';
import { cx } from '../../ui/cx.ts';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.exportFile;

/** One file of an export: its text, copy and save, and where it belongs. */
export function ExportFile(props: {
  readonly file: RenderedExport['files'][number];
  readonly where: RenderedExport['where'][number] | undefined;
  readonly request: ExportRequest;
  readonly onTaken?: () => void;
}) {
  const { file, where, request, onTaken } = props;
  const host = useSession((state) => state.host);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const saved = (path: string, mode: string) => {
    tellSuccess(file.containsSecret ? words.savedForYou(path, mode) : words.saved(path));
    onTaken?.();
  };

  const saveNatively = async () => {
    setBusy(true);
    try {
      const { path, mode } = await api.exports.save({ ...request, fileName: file.name });
      saved(path, mode);
    } catch (error) {
      if (!hasCode(error, 'CANCELLED')) tellFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div>
      <CodeBlock
        label={file.name}
        code={file.content}
        actions={
          <>
            {file.containsSecret && (
              <Badge color="yellow" tt="none" className={cx(styles.badge)}>
                {words.holdsTheToken}
              </Badge>
            )}
            <CopyButton
              text={file.content}
              what={file.name}
              secret={file.containsSecret}
              {...(onTaken === undefined ? {} : { onCopied: onTaken })}
            />
            <Button
              size="compact-sm"
              variant="default"
              loading={busy}
              leftSection={<IconDeviceFloppy size={15} />}
              aria-label={words.save2(file.name)}
              onClick={() => (host?.saveDialog === 'native' ? void saveNatively() : setAsking(true))}
            >
              {words.save}
            </Button>
          </>
        }
      />
      {where && (
        <dl
          className={cx(facts.facts, facts.close, text.small, styles.places)}
          aria-label={words.whereBelongs(file.name)}
        >
          {placesOf(where).map(([system, place]) => (
            <div key={system} className={facts.pair}>
              <dt>{system}</dt>
              <dd className={text.mono}>{place}</dd>
            </div>
          ))}
        </dl>
      )}
      {asking && (
        <SavePathDialog
          fileName={file.name}
          containsSecret={file.containsSecret}
          request={request}
          onSaved={saved}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** One line where all systems have it in the same place. */
function placesOf(where: RenderedExport['where'][number]): readonly (readonly [string, string])[] {
  const { linux, macos, windows } = where;
  if (linux === macos && macos === windows) return [[words.place, linux]];
  return [
    ['Linux', linux],
    ['macOS', macos],
    ['Windows', windows],
  ];
}
