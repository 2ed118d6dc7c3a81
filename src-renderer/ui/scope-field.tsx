import { useId } from 'react';
import { SegmentedControl, Stack } from '@mantine/core';
import { PickSeveral } from './form/pick-several.tsx';
import { cx } from './cx.ts';
import text from './text.module.css';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.scopeField;

/** Everything there is and will be, or those that are named. An empty list is "not said yet", never "all". */
export type Scope<Id extends string> = 'all' | readonly Id[];

export const isScopeChosen = (scope: Scope<string>): boolean => scope === 'all' || scope.length > 0;

/** What a policy is for: all of a kind, or chosen ones. */
export function ScopeField<E extends { readonly id: string; readonly name: string }>(props: {
  readonly label: string;
  readonly of: 'teams' | 'environments';
  readonly entries: readonly E[];
  readonly value: Scope<E['id']>;
  readonly error?: string | undefined;
  readonly onChange: (scope: Scope<E['id']>) => void;
}) {
  const { label, value, onChange } = props;
  const labelId = useId();
  const own = words[props.of];
  return (
    <Stack gap={6}>
      <div id={labelId} className={text.label}>
        {label}
      </div>
      <SegmentedControl
        aria-labelledby={labelId}
        value={value === 'all' ? 'all' : 'chosen'}
        onChange={(chosen) => onChange(chosen === 'all' ? 'all' : [])}
        data={[
          { value: 'all', label: own.all },
          { value: 'chosen', label: own.chosen },
        ]}
      />
      {value !== 'all' && (
        <PickSeveral
          ariaLabel={own.chosen}
          placeholder={own.chooseOne}
          entries={props.entries}
          value={value}
          onChange={onChange}
          error={props.error}
        />
      )}
      {value === 'all' && <div className={cx(text.small, text.quiet)}>{words.laterToo}</div>}
    </Stack>
  );
}
