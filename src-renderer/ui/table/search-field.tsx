import { useEffect, useRef, useState } from 'react';
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Keys } from '../keys.tsx';
import styles from './table.module.css';

/** The list follows each letter of somebody who types; a key that is held down, and what is pasted in pieces, counts once. */
const everyMs = 100;

/** The search above a table; told at once what is typed, and not again within a moment. */
export function SearchField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (search: string) => void;
}) {
  const { value, onChange } = props;
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  const toldAtMs = useRef(-Infinity);
  useEffect(() => {
    if (text === told) return undefined;
    const tell = () => {
      toldAtMs.current = performance.now();
      setTold(text);
      onChange(text);
    };
    const timer = window.setTimeout(tell, Math.max(0, toldAtMs.current + everyMs - performance.now()));
    return () => window.clearTimeout(timer);
  }, [text, told, onChange]);
  // Cleared, or another view was chosen.
  if (value !== told) {
    setTold(value);
    setText(value);
  }
  return (
    <TextInput
      className={styles.search}
      size="xs"
      type="search"
      aria-label={props.label}
      placeholder={props.placeholder}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      maxLength={200}
      aria-keyshortcuts="/"
      {...(text === '' ? { rightSection: <Keys keys={['/']} hint /> } : {})}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
