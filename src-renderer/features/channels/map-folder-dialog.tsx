import { useState } from 'react';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { FolderField } from '../../ui/form/folder-field.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';

/** Says which folder of this computer a label means. The vault does not learn it. */
export function MapFolderDialog(props: { readonly label: string; readonly onClose: () => void }) {
  const { label } = props;
  const [path, setPath] = useState('');
  return (
    <FormOverlay
      title={`Folder of "${label}"`}
      submit="Set folder"
      draft={{ folder: path }}
      missing={path.trim() === '' ? texts.parts.missing.folder : undefined}
      fields={['folder']}
      onSubmit={async () => {
        await api.folders.map({ label, path: path.trim() });
        tellSuccess(`"${label}" is ${path.trim()} on this computer now.`);
      }}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <p className={text.quiet}>
            The vault knows this folder as "{label}". Where it is differs from computer to computer, so each
            keeps that for itself: the gateway here serves the folder that you name.
          </p>
          <FolderField
            label="Folder on this computer"
            description="Its whole path."
            placeholder="/srv/packages"
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
