import { parseLicense } from '../../licenses/expression.ts';
import { judgeLicense } from '../../licenses/judge.ts';
import type { MakeJudge } from '../rule-judge.ts';

/** What of a licence's text is shown. */
const maxShownChars = 80;

/**
 * Denies packages whose licence leaves no way that the list permits. `MIT OR GPL-3.0-only` may be used under MIT; of
 * `MIT AND GPL-3.0-only` both count.
 */
export const judgeLicenses: MakeJudge<'licenses'> = (rule, knowledge) => {
  const lists = rule.list === 'allow' ? { allow: rule.ids } : { deny: rule.ids };
  return {
    scope: 'license',
    needsIndex: true,
    objection({ license, isLicenseUnread }) {
      if (isLicenseUnread === true)
        return rule.unknown === 'deny'
          ? { rule: 'package.license', evidence: { isUnknown: true, isUnread: true } }
          : undefined;
      const text = license?.trim() ?? '';
      const shown = text === '' ? {} : { license: text.slice(0, maxShownChars) };
      const own = (name: string) => knowledge.licenseExpression(name);
      const verdict = judgeLicense(parseLicense(text, own), lists);
      if (verdict === 'allowed') return undefined;
      if (verdict === 'denied') return { rule: 'package.license', evidence: shown };
      return rule.unknown === 'deny'
        ? { rule: 'package.license', evidence: { ...shown, isUnknown: true } }
        : undefined;
    },
  };
};
