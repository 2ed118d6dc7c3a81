import { slug } from '../../shared/model/domain.ts';

/** What is wrong with a name that becomes a part of a URL, or null. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'Give a name.';
  const checked = slug.safeParse(name);
  return checked.success
    ? null
    : 'Use lower-case letters, digits, "-", "_" and "."; start and end with a letter or digit.';
}
