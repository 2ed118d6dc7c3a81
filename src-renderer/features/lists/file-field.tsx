import { Button, FileButton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import layout from '../../ui/layout.module.css';
import { tellFailure, tellNotice } from '../../ui/tell.ts';

export type OpenedFile = { readonly name: string; readonly text: string };

/** Opens a file of text; its name is shown beside the button. */
export function FileField(props: {
  readonly label: string;
  readonly accept: string;
  readonly maxChars: number;
  readonly tooLong: string;
  readonly file: OpenedFile | undefined;
  readonly onFile: (file: OpenedFile) => void;
}) {
  const open = (file: File | null) => {
    if (file === null) return;
    if (file.size > props.maxChars) tellNotice(props.tooLong);
    else file.text().then((text) => props.onFile({ name: file.name, text }), tellFailure);
  };
  return (
    <div className={layout.row}>
      <FileButton accept={props.accept} onChange={open}>
        {(button) => (
          <Button
            {...button}
            data-autofocus
            size="xs"
            variant="default"
            leftSection={<IconFileImport size={15} aria-hidden="true" />}
          >
            {props.label}
          </Button>
        )}
      </FileButton>
      {props.file !== undefined && <span>{props.file.name}</span>}
    </div>
  );
}
