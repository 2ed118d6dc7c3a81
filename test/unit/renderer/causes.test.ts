import { expect, it } from 'vitest';
import { texts } from '../../../shared/texts/texts.ts';

it('names the rules of policies in words; what a newer gateway says stands for itself', () => {
  expect(texts.causes.of('package.vulnerable')).toBe('Vulnerability');
  expect(texts.causes.of('package.too-young')).toBe('Published too recently');
  expect(texts.causes.of('package.of-tomorrow')).toBe('package.of-tomorrow');
});
