import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { StrengthMeter, useJudgement } from '../../src-renderer/ui/strength-meter.tsx';

function Meter({ passphrase }: { readonly passphrase: string }) {
  return <StrengthMeter judged={useJudgement(passphrase, ['Borealis Labs', 'Ada Lovelace'])} />;
}

describe('the meter', () => {
  it.each([
    ['Borealis Labs 2026', /^(Very w|W)eak\. Names that others know/],
    ['Liverpool2024!', /^Weak\. Easy to guess\./],
    ['tulip orbit', /^Weak\. 1 more character needed\.$/],
    ['tulip orbit canvas ledger', /^Strong\. Hard to guess\.$/],
  ])('says what the service says of %j', async (passphrase, words) => {
    render(<Meter passphrase={passphrase} />);
    expect(await screen.findByText(words)).toBeDefined();
  });

  it('says what is wanted before anything is typed, and again when all is deleted', async () => {
    const { rerender } = render(<Meter passphrase="" />);
    expect(screen.getByText(/At least 12 characters/)).toBeDefined();
    rerender(<Meter passphrase="tulip orbit canvas ledger" />);
    expect(await screen.findByText(/^Strong/)).toBeDefined();
    rerender(<Meter passphrase="" />);
    expect(await screen.findByText(/At least 12 characters/)).toBeDefined();
  });
});
