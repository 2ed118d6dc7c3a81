import { useId, useState } from 'react';
import { SegmentedControl, Stack, TagsInput } from '@mantine/core';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.policyEditor.fields;

/** One of two answers, side by side under its question. */
export function EitherField<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly of: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
}) {
  const id = useId();
  return (
    <Stack gap={4} align="flex-start">
      <div id={id} className={text.label}>
        {props.label}
      </div>
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        value={props.value}
        onChange={(value) => {
          const chosen = props.of.find(([one]) => one === value);
          if (chosen !== undefined) props.onChange(chosen[0]);
        }}
        data={props.of.map(([value, label]) => ({ value, label }))}
      />
    </Stack>
  );
}

/** What a rule does where nothing is known. */
export function UnknownField(props: {
  readonly label: string;
  readonly value: 'allow' | 'deny';
  readonly onChange: (value: 'allow' | 'deny') => void;
}) {
  return (
    <EitherField
      {...props}
      of={[
        ['allow', words.allow],
        ['deny', words.deny],
      ]}
    />
  );
}

/** Whether a list is closed, or names what is denied. */
export function ListField(props: {
  readonly value: 'allow' | 'deny';
  readonly onChange: (value: 'allow' | 'deny') => void;
}) {
  return (
    <EitherField
      label={words.list}
      {...props}
      of={[
        ['deny', words.denyList],
        ['allow', words.allowList],
      ]}
    />
  );
}

/** Several short texts, with suggestions. */
export function TextsField(props: {
  readonly label: string;
  readonly description: string;
  readonly placeholder?: string;
  readonly suggestions?: readonly string[];
  readonly value: readonly string[];
  readonly error?: string | undefined;
  readonly isLower?: boolean;
  readonly onChange: (value: readonly string[]) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <TagsInput
      label={props.label}
      description={props.description}
      placeholder={props.value.length === 0 ? (props.placeholder ?? '') : ''}
      data={[...(props.suggestions ?? [])]}
      splitChars={[',', ' ', ';']}
      acceptValueOnBlur
      // A rule that was added has the focus in its first field: its suggestions would cover what comes below.
      openOnFocus={false}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      onSearchChange={(search) => setOpen(search !== '')}
      onClick={() => setOpen(true)}
      value={[...props.value]}
      onChange={(value) =>
        props.onChange(props.isLower === true ? value.map((entry) => entry.toLowerCase()) : value)
      }
      error={props.error}
    />
  );
}
