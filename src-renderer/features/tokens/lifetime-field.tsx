import { useState } from 'react';
import { SegmentedControl, Stack } from '@mantine/core';
import { dayMs } from '../../../shared/model/time.ts';
import { exactTime } from '../../ui/format.ts';
import { DayField } from '../../ui/form/day-field.tsx';
import { useNow } from '../../ui/use-now.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import type { PolicyHints } from './lifetime.ts';
import { daysUntil, isoDate, lifetimePresets, longestTtlDays } from './lifetime.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.lifetimeField;

/** How long a token lives: a preset, or a date. Undefined while no date is chosen. */
export function LifetimeField(props: {
  readonly label: string;
  readonly value: number | undefined;
  readonly hints: PolicyHints;
  readonly error?: string | undefined;
  readonly onChange: (days: number | undefined) => void;
}) {
  const { value, hints } = props;
  const nowMs = useNow();
  const longest = hints.maxTtlDays ?? longestTtlDays;
  const presets = [
    ...lifetimePresets.filter((days) => days <= longest),
    ...(longest < 365 && !lifetimePresets.some((days) => days === longest) ? [longest] : []),
  ].sort((a, b) => a - b);
  const [byDate, setByDate] = useState(false);
  const [date, setDate] = useState<string | null>(null);
  const isPreset = !byDate && presets.some((days) => days === value);

  return (
    <Stack gap={6}>
      <div id="lifetime" className={text.label}>
        {props.label}
      </div>
      <SegmentedControl
        aria-labelledby="lifetime"
        fullWidth
        value={isPreset ? String(value) : 'date'}
        onChange={(chosen) => {
          setByDate(chosen === 'date');
          props.onChange(
            chosen === 'date' ? (date === null ? undefined : daysUntil(date, nowMs)) : Number(chosen),
          );
        }}
        data={[
          ...presets.map((days) => ({
            value: String(days),
            label: days === 1 ? words.n1Day : words.days(days),
          })),
          { value: 'date', label: words.until },
        ]}
      />
      {!isPreset && (
        <DayField
          aria-label={words.expiresOn}
          placeholder={words.chooseTheLastDay}
          minDate={isoDate(nowMs + dayMs)}
          maxDate={isoDate(nowMs + longest * dayMs)}
          value={date}
          onChange={(chosen) => {
            setDate(chosen);
            props.onChange(chosen === null ? undefined : daysUntil(chosen, nowMs));
          }}
        />
      )}
      {props.error !== undefined && (
        <div className={text.error} role="alert">
          {props.error}
        </div>
      )}
      <div className={cx(text.small, text.quiet)} aria-live="polite">
        {value !== undefined && words.expires(exactTime(nowMs + value * dayMs))}
        {hints.lifetime}
      </div>
    </Stack>
  );
}
