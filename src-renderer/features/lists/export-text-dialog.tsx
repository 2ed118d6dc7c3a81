import { useState } from 'react';
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import type { CurationDocument } from '../../../shared/contract/curation-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hasCode } from '../../client/error-text.ts';
import { useSession } from '../../state/session.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import prose from '../../ui/text.module.css';
import { PathDialog } from './path-dialog.tsx';

const words = texts.curationTables.exported;
const file = texts.tables.file;
/** A large document need not be painted to be copied. */
const mostLines = 200;

type Made = { readonly fileName: string; readonly text: string; readonly count: number };

/** A document that was made here: to be looked at, copied, and saved by the one way by which files are. */
export function ExportTextDialog(props: {
  readonly title: string;
  readonly hint: string;
  /** What is said where there is nothing. */
  readonly empty: string;
  readonly read: () => Promise<Made>;
  /** Which it is: main makes it once more, and writes it. */
  readonly document: CurationDocument;
  readonly onClose: () => void;
}) {
  const { value, problem, retry } = useAnswer('export', props.read, { causes: [] });
  const lines = value?.text.split('\n') ?? [];
  return (
    <Overlay
      kind="dialog"
      size="lg"
      closesBeside
      title={props.title}
      onClose={props.onClose}
      foot={<Button onClick={props.onClose}>{words.close}</Button>}
    >
      <Stack gap="sm">
        <p className={prose.quiet}>{props.hint}</p>
        {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
        {value === undefined && problem === undefined && <Skeleton height={120} />}
        {value !== undefined && value.count === 0 && <p>{props.empty}</p>}
        {value !== undefined && value.count > 0 && (
          <CodeBlock
            label={value.fileName}
            code={lines.slice(0, mostLines).join('\n')}
            actions={
              <>
                <CopyButton text={value.text} what={value.fileName} />
                <SaveButton document={props.document} fileName={value.fileName} />
              </>
            }
          />
        )}
        {lines.length > mostLines && <p className={prose.small}>{words.shortened(mostLines)}</p>}
      </Stack>
    </Overlay>
  );
}

function SaveButton(props: { readonly document: CurationDocument; readonly fileName: string }) {
  const { document, fileName } = props;
  const host = useSession((state) => state.host);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const save = async (place: { readonly path?: string; readonly overwrite?: boolean } = {}) => {
    const { path } = await api.exports.saveCuration({ document, ...place });
    tellSuccess(words.saved(path));
  };
  const saveNatively = () => {
    setBusy(true);
    save()
      .catch((error: unknown) => !hasCode(error, 'CANCELLED') && tellFailure(error))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={isBusy}
        leftSection={<IconDeviceFloppy size={15} aria-hidden="true" />}
        aria-label={words.saveOf(fileName)}
        onClick={() => (host?.saveDialog === 'native' ? saveNatively() : setAsking(true))}
      >
        {words.save}
      </Button>
      {isAsking && (
        <PathDialog
          title={words.saveOf(fileName)}
          fileName={fileName}
          words={{ ...file, hint: file.pathHint }}
          save={save}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
