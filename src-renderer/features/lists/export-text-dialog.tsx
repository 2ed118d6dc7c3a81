import { Button, Skeleton, Stack } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import prose from '../../ui/text.module.css';

const words = texts.curationTables.exported;
/** A large document need not be painted to be copied. */
const mostLines = 200;

type Made = { readonly fileName: string; readonly text: string; readonly count: number };

/** A document that was made here, to be looked at and copied; `latchkey … export --out` writes it into a file. */
export function ExportTextDialog(props: {
  readonly title: string;
  readonly hint: string;
  /** What is said where there is nothing. */
  readonly empty: string;
  readonly read: () => Promise<Made>;
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
            actions={<CopyButton text={value.text} what={value.fileName} />}
          />
        )}
        {lines.length > mostLines && <p className={prose.small}>{words.shortened(mostLines)}</p>}
      </Stack>
    </Overlay>
  );
}
