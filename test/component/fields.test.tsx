import { useState } from 'react';
import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { TypedNumber } from '../../src-renderer/ui/form/number-field.tsx';
import { NumberField, numberProblem } from '../../src-renderer/ui/form/number-field.tsx';
import { PassphraseField } from '../../src-renderer/ui/form/passphrase-field.tsx';
import { PickSeveral } from '../../src-renderer/ui/form/pick-several.tsx';
import { show } from '../support/render.tsx';

describe('a number', () => {
  it('is refused when it is out of range, and stays as it was typed', async () => {
    const seen = vi.fn<(value: TypedNumber) => void>();
    function Port() {
      const [value, setValue] = useState<TypedNumber>(8080);
      return (
        <NumberField
          label="Port"
          least={0}
          most={65_535}
          value={value}
          onChange={(next) => {
            setValue(next);
            seen(next);
          }}
        />
      );
    }
    const { user } = show(<Port />);
    const field = screen.getByLabelText<HTMLInputElement>('Port');
    await user.clear(field);
    await user.type(field, '99999');
    await user.tab();
    expect(field.value).toBe('99999');
    expect(seen).toHaveBeenLastCalledWith(99_999);
    expect(screen.queryByText('Enter a whole number from 0 to 65535.')).not.toBeNull();
  });

  it.each([
    ['', true],
    ['12', false],
    [0, true],
    [1, false],
    [90, false],
    [91, true],
    [1.5, true],
    ['-', true],
  ])('%j is wrong between 1 and 90: %s', (value, isWrong) => {
    expect(numberProblem(value, { least: 1, most: 90 }) !== undefined).toBe(isWrong);
  });
});

describe('a passphrase', () => {
  it('keeps the focus after a refusal, with all of it selected, so that typing replaces it', async () => {
    function Field() {
      const [value, setValue] = useState('');
      const [refusal, setRefusal] = useState<Error>();
      return (
        <>
          <PassphraseField
            label="Passphrase"
            value={value}
            onChange={setValue}
            refusal={refusal}
            problem={refusal?.message}
          />
          <button onClick={() => setRefusal(new Error('Wrong.'))}>Unlock</button>
        </>
      );
    }
    const { user } = show(<Field />);
    const field = screen.getByLabelText<HTMLInputElement>('Passphrase');
    for (const typed of ['wrong', 'wrong again']) {
      // oxlint-disable-next-line no-await-in-loop
      await user.type(field, typed, { skipClick: true });
      if (document.activeElement !== field) {
        // oxlint-disable-next-line no-await-in-loop
        await user.type(field, typed);
      }
      // oxlint-disable-next-line no-await-in-loop
      await user.click(screen.getByRole('button', { name: 'Unlock' }));
      expect(document.activeElement).toBe(field);
      expect([field.selectionStart, field.selectionEnd]).toEqual([0, field.value.length]);
    }
    await user.keyboard('right');
    expect(field.value).toBe('right');
  });
});

describe('picking several by keyboard', () => {
  const entries = ['dev', 'staging', 'prod'].map((name) => ({ id: name, name }));
  function Pick(props: { readonly onChange: (ids: readonly string[]) => void }) {
    const [value, setValue] = useState<readonly string[]>([]);
    return (
      <PickSeveral
        label="Environments"
        entries={entries}
        value={value}
        onChange={(ids) => {
          setValue(ids);
          props.onChange(ids);
        }}
      />
    );
  }
  const field = () => screen.getByRole('combobox', { name: 'Environments' });

  it('goes on from where it is', async () => {
    const onChange = vi.fn<(ids: readonly string[]) => void>();
    const { user } = show(<Pick onChange={onChange} />);
    await user.click(field());
    await user.keyboard('{ArrowDown}{Enter}{ArrowDown}{Enter}');
    expect(onChange.mock.calls).toEqual([[['dev']], [['dev', 'staging']]]);
    await user.keyboard('{Enter}');
    expect(onChange).toHaveBeenLastCalledWith(['dev']);
  });

  it('stands on what was picked when the search behind it is cleared', async () => {
    const onChange = vi.fn<(ids: readonly string[]) => void>();
    const { user } = show(<Pick onChange={onChange} />);
    await user.type(field(), 'sta{ArrowDown}{Enter}');
    expect(onChange).toHaveBeenLastCalledWith(['staging']);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(onChange).toHaveBeenLastCalledWith(['staging', 'prod']);
  });
});
