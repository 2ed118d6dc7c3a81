import { useState } from 'react';
import { NativeSelect, TextInput } from '@mantine/core';
import { parseLoggedFile } from '../../../shared/model/logged-file.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';

const words = texts.activity.filters;
type Filter = { readonly value: string; readonly onChange: (value: string) => void };

/** Requests of one channel; one that is gone by now, as an old address may name it, is not shown as all of them. */
export function ChannelFilter({ value, onChange }: Filter) {
  const channels = useDirectory((state) => state.channels);
  const isLoaded = useDirectory((state) => state.loaded.channels === true);
  return (
    <NativeSelect
      size="xs"
      label={texts.activity.channel}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: words.allChannels },
        ...channels.map(({ id, name }) => ({ value: id, label: name })),
        ...(isLoaded && value !== '' && !channels.some(({ id }) => id === value)
          ? [{ value, label: words.goneChannel }]
          : []),
      ]}
    />
  );
}

/** What one policy refused; one that is gone by now can be asked for, too. */
export function PolicyFilter({ value, onChange }: Filter) {
  const names = useDirectory((state) => state.policies).map(({ name }) => name);
  const all = value === '' || names.includes(value) ? names : [value, ...names];
  return (
    <NativeSelect
      size="xs"
      label={texts.activity.policy}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: '', label: words.allPolicies }, ...all]}
    />
  );
}

/** Requests of a package, a version or a file. Asked for once it can be one; what is wrong is said when the field is left. */
export function PackageFilter({ value, onChange }: Filter) {
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  // What an address says is whole: what is wrong with it shows at once.
  const [isLeft, setLeft] = useState(true);
  if (value !== told) {
    setTold(value);
    setText(value);
  }
  const tell = () => {
    setLeft(true);
    const next = text.trim();
    if (next !== value && (next === '' || parseLoggedFile(next) !== undefined)) onChange(next);
  };
  const isWrong = text.trim() !== '' && parseLoggedFile(text) === undefined;
  return (
    <TextInput
      size="xs"
      label={texts.activity.package}
      placeholder={words.packageExample}
      maxLength={400}
      spellCheck={false}
      value={text}
      error={isLeft && isWrong ? words.packageForm : undefined}
      onChange={(event) => {
        setText(event.currentTarget.value);
        setLeft(false);
      }}
      onBlur={tell}
      onKeyDown={(event) => {
        if (event.key === 'Enter') tell();
      }}
    />
  );
}
