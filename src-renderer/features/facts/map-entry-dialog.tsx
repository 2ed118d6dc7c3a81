import { useState } from 'react';
import { TextInput } from '@mantine/core';
import type { CurationTable } from '../../../shared/contract/curation-views.ts';
import { packageLimits } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import type { MapRow } from './map-rows.ts';
import { saveRow } from './map-rows.ts';

const words = texts.curationTables;

/** One entry: its key stays once it is made. */
export function MapEntryDialog(props: {
  readonly table: CurationTable;
  readonly row: MapRow | undefined;
  readonly onClose: () => void;
}) {
  const { table, row } = props;
  const says = words[table];
  const [key, setKey] = useState(row?.key ?? '');
  const [value, setValue] = useState(row?.value ?? '');
  const save = async () => {
    await saveRow[table](key.trim(), value.trim());
    tellSuccess(says.saved(key.trim()));
  };
  return (
    <FormOverlay
      title={row === undefined ? says.add : says.edit(row.key)}
      submit={words.save}
      draft={{ key, value }}
      missing={key.trim() === '' ? says.keyMissing : undefined}
      onSubmit={save}
      onClose={props.onClose}
    >
      <TextInput
        label={says.keyLabel}
        data-autofocus={row === undefined || undefined}
        readOnly={row !== undefined}
        spellCheck={false}
        maxLength={packageLimits.licenseChars}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <TextInput
        label={says.valueLabel}
        description={says.valueHint}
        data-autofocus={row !== undefined || undefined}
        spellCheck={false}
        maxLength={packageLimits.licenseChars}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
    </FormOverlay>
  );
}
