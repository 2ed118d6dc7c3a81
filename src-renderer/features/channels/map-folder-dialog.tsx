import { useState } from 'react';
import { TextInput } from '@mantine/core';
import { limits } from '../../../shared/model/domain.ts';
import { api } from '../../client/api.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { tellSuccess } from '../../ui/tell.ts';

/** Says which folder of this computer a label means. The vault does not learn it. */
export function MapFolderDialog(props: { readonly label: string; readonly onClose: () => void }) {
  const { label } = props;
  const [path, setPath] = useState('');
  return (
    <FormModal
      title={`Folder of "${label}"`}
      submit="Set folder"
      canSubmit={path.trim() !== ''}
      fields={['folder']}
      onSubmit={async () => {
        await api.folders.map({ label, path: path.trim() });
        tellSuccess(`"${label}" is ${path.trim()} on this computer now.`);
      }}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <p className="lk-quiet">
            The vault knows this folder as "{label}". Where it is differs from computer to computer, so each
            keeps that for itself: the gateway here serves the folder that you name.
          </p>
          <TextInput
            label="Folder on this computer"
            description="Its whole path."
            placeholder="/srv/packages"
            data-autofocus
            spellCheck={false}
            maxLength={limits.pathChars}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            error={at.folder}
          />
        </>
      )}
    </FormModal>
  );
}
