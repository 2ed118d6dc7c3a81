import type { PolicyRuleType } from '../../../shared/model/policy-rules.ts';
import type { FieldsOf } from './rule-form.ts';

/** What the fields of a rule of one type are given. */
export type FieldsProps<T extends PolicyRuleType> = {
  readonly fields: FieldsOf<T>;
  readonly onChange: (part: Partial<FieldsOf<T>>) => void;
};
