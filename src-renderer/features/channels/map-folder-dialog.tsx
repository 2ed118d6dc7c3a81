import { useState } from 'react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { FolderField } from '../../ui/form/folder-field.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';

const words = texts.channels.mapFolderDialog;

/** Says which folder of this computer a label means. The vault does not learn it. */
export function MapFolderDialog(props: { readonly label: string; readonly onClose: () => void }) {
  const { label } = props;
  const [path, setPath] = useState('');
  return (
    <FormOverlay
      title={words.folderOf(label)}
      submit={words.setFolder}
      draft={{ folder: path }}
      missing={path.trim() === '' ? texts.parts.missing.folder : undefined}
      fields={['folder']}
      onSubmit={async () => {
        await api.folders.map({ label, path: path.trim() });
        tellSuccess(words.isOnThisComputer(label, path.trim()));
      }}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <p className={text.quiet}>{words.theVaultKnowsThis(label)}</p>
          <FolderField
            label={words.folderOnThisComputer}
            description={words.itsWholePath}
            placeholder={words.srvPackages}
            autoFocus
            value={path}
            onChange={setPath}
            error={at.folder}
          />
        </>
      )}
    </FormOverlay>
  );
}
