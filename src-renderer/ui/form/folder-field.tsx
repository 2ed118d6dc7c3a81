import { createContext, use, useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { tellFailure } from '../tell.ts';
import styles from './folder-field.module.css';

/** Asks the system for a folder, or for a file; undefined when nothing was chosen. */
export type Browse = (what: 'folder' | 'file') => Promise<string | undefined>;

/** The way to the system's dialog, where the host has one: the app brings it. */
export const BrowseContext = createContext<Browse | undefined>(undefined);

/** A path on this computer: typed, or chosen in the system's dialog where there is one. */
export function FolderField(props: {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string | undefined;
  readonly autoFocus?: boolean;
  readonly what?: 'folder' | 'file';
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly error?: string | undefined;
}) {
  const browse = use(BrowseContext);
  const [busy, setBusy] = useState(false);
  const choose = async () => {
    if (browse === undefined || busy) return;
    setBusy(true);
    try {
      const path = await browse(props.what ?? 'folder');
      if (path !== undefined) props.onChange(path);
    } catch (error) {
      tellFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <TextInput
      label={props.label}
      description={props.description}
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      data-autofocus={props.autoFocus || undefined}
      spellCheck={false}
      maxLength={limits.pathChars}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={props.error}
      inputContainer={(input) =>
        browse === undefined ? (
          input
        ) : (
          <div className={styles.row}>
            <div className={styles.input}>{input}</div>
            <Button
              variant="default"
              leftSection={<IconFolderOpen size={16} />}
              aria-label={texts.parts.folder.browseFor(props.label)}
              onClick={() => void choose()}
            >
              {texts.parts.folder.browse}
            </Button>
          </div>
        )
      }
    />
  );
}
