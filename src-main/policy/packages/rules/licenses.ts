import { evaluateLicense } from '../../../curation/licenses/evaluate.ts';
import type { MakeJudge } from '../rule-judge.ts';

/** What of a licence's text is shown. */
const maxShownChars = 80;

/**
 * Denies packages whose licence leaves no way that the list permits. `MIT OR GPL-3.0-only` may be used under MIT; of
 * `MIT AND GPL-3.0-only` both count.
 */
export const judgeLicenses: MakeJudge<'licenses'> = (rule, knowledge) => {
  const ids = new Set(rule.ids.map((id) => id.toLowerCase()));
  const isAllowed = (id: string): boolean => ids.has(id.toLowerCase()) === (rule.list === 'allow');
  return {
    scope: 'license',
    objection({ license }) {
      const text = license?.trim() ?? '';
      const shown = text === '' ? {} : { license: text.slice(0, maxShownChars) };
      const expression = text === '' ? undefined : (knowledge.licenseExpression(text) ?? text);
      const verdict = expression === undefined ? 'unknown' : evaluateLicense(expression, isAllowed);
      if (verdict === 'allowed') return undefined;
      if (verdict === 'denied') return { rule: 'package.license', evidence: shown };
      return rule.unknown === 'deny'
        ? { rule: 'package.license', evidence: { ...shown, isUnknown: true } }
        : undefined;
    },
  };
};
