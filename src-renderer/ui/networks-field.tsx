import { SegmentedControl, Stack, TagsInput } from '@mantine/core';
import { LatchkeyError } from '../../shared/errors.ts';
import { limits } from '../../shared/model/domain.ts';
import { cx } from './cx.ts';
import text from './text.module.css';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.ui.networksField;

/** An empty list is "not said yet", never "anywhere". */
export type NetworksChoice = 'anywhere' | readonly string[];

/**
 * The choice as the contract takes it. Asked when a form is sent, as the last network is only taken in when its field
 * loses the focus. @throws LatchkeyError INVALID_INPUT
 */
export function requireNetworks(choice: NetworksChoice): 'anywhere' | string[] {
  if (choice === 'anywhere') return choice;
  if (choice.length > 0) return [...choice];
  throw new LatchkeyError('INVALID_INPUT', ['networksMissing'], {
    details: { network: '' },
  });
}

/** From where a token may be used: anywhere, or a list of networks. */
export function NetworksField(props: {
  readonly value: NetworksChoice;
  /** What a policy asks for. */
  readonly hint: string;
  readonly error?: string | undefined;
  readonly onChange: (choice: NetworksChoice) => void;
}) {
  const { value, onChange } = props;
  const list = value === 'anywhere' ? [] : [...value];
  return (
    <Stack gap={6}>
      <div id="networks" className={text.label}>
        {words.sourceNetworks}
      </div>
      <SegmentedControl
        aria-labelledby="networks"
        value={value === 'anywhere' ? 'anywhere' : 'list'}
        onChange={(chosen) => onChange(chosen === 'anywhere' ? 'anywhere' : [])}
        data={[
          { value: 'anywhere', label: words.fromAnywhere },
          { value: 'list', label: words.onlyFrom },
        ]}
      />
      {value !== 'anywhere' && (
        <TagsInput
          aria-label={words.networks}
          description={words.addressesOrCidrBlocks}
          placeholder={list.length === 0 ? '10.20.0.0/16' : ''}
          splitChars={[',', ' ', ';']}
          maxTags={limits.networks}
          acceptValueOnBlur
          value={list}
          onChange={onChange}
        />
      )}
      {props.error !== undefined && (
        <div className={text.error} role="alert">
          {props.error}
        </div>
      )}
      {props.hint !== '' && (
        <div className={cx(text.small, text.quiet)} aria-live="polite">
          {props.hint}
        </div>
      )}
    </Stack>
  );
}
