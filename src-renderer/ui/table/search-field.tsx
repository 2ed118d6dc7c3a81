import { useEffect, useState } from 'react';
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import styles from './table.module.css';

/** Less than between two letters of most people: the list follows the typing. A key that is held down counts as one. */
const restMs = 40;

/** The search above a table; told when the typing rests. */
export function SearchField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (search: string) => void;
}) {
  const { value, onChange } = props;
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  const [rested] = useDebouncedValue(text, restMs);
  useEffect(() => {
    if (rested === told || rested !== text) return;
    setTold(rested);
    onChange(rested);
  }, [rested, told, text, onChange]);
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
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
