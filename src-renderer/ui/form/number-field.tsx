import type { ReactNode } from 'react';
import { NumberInput } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';

/** What is typed: a number, or a text that is none (yet). */
export type TypedNumber = number | string;

/** What is wrong with a typed number, or undefined. @param least, most both allowed */
export function numberProblem(
  value: TypedNumber,
  { least, most }: { readonly least: number; readonly most: number },
): string | undefined {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isInteger(number) && number >= least && number <= most
    ? undefined
    : texts.parts.number.range(least, most);
}

/** A whole number. One out of range is refused in words where it stands; it is never turned into another one. */
export function NumberField(props: {
  readonly label: string;
  readonly description?: ReactNode;
  readonly suffix?: string;
  readonly least: number;
  readonly most: number;
  readonly value: TypedNumber;
  readonly onChange: (value: TypedNumber) => void;
  readonly error?: string | undefined;
  /** Empty is an answer, too. */
  readonly mayBeEmpty?: boolean;
  readonly hideControls?: boolean;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
}) {
  const { least, most, value } = props;
  const problem =
    value === '' && props.mayBeEmpty === true ? undefined : numberProblem(value, { least, most });
  return (
    <NumberInput
      label={props.label}
      description={props.description}
      {...(props.suffix === undefined ? {} : { suffix: props.suffix })}
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      data-autofocus={props.autoFocus || undefined}
      min={least}
      max={most}
      clampBehavior="none"
      allowDecimal={false}
      hideControls={props.hideControls ?? false}
      value={value}
      onChange={props.onChange}
      error={props.error ?? problem}
    />
  );
}
