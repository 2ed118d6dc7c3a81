import type { PurgeRuleInput } from '../../../shared/contract/cache-views.ts';
import { channelId } from '../../../shared/model/ids.ts';
import { packageName, packageVersion } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { numberProblem } from '../../ui/form/number-field.tsx';

const words = texts.cacheScreen.purge;

export type PurgeDraft = {
  readonly type: Exclude<PurgeRuleInput['type'], 'files'>;
  readonly days: TypedNumber;
  readonly channelId: string;
  readonly name: string;
  readonly version: string;
};

/** As the contract bounds them. */
export const unusedDays = { least: 0, most: 3650 } as const;

/** The rule that a form says, or what is missing in it. */
export function purgeRuleOf(
  draft: PurgeDraft,
): { readonly rule: PurgeRuleInput } | { readonly missing: string } {
  switch (draft.type) {
    case 'all':
    case 'denied':
      return { rule: { type: draft.type } };
    case 'unused': {
      const missing = numberProblem(draft.days, unusedDays);
      return missing === undefined ? { rule: { type: 'unused', days: Number(draft.days) } } : { missing };
    }
    case 'channel': {
      const id = channelId.safeParse(draft.channelId);
      return id.success ? { rule: { type: 'channel', channelId: id.data } } : { missing: words.noChannel };
    }
    case 'package': {
      const name = packageName.safeParse(draft.name.trim());
      const version = packageVersion.safeParse(draft.version.trim());
      if (!name.success) return { missing: words.noPackage };
      if (draft.version.trim() === '') return { rule: { type: 'package', name: name.data } };
      if (!version.success) return { missing: words.badVersion };
      return { rule: { type: 'package', name: name.data, version: version.data } };
    }
  }
}
