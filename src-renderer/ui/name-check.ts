import { slug } from '../../shared/model/domain.ts';
import { texts } from '../../shared/texts/texts.ts';

/** What is wrong with a name that becomes a part of a URL, or null. */
export function nameProblem(name: string): string | null {
  if (name === '') return texts.parts.missing.name;
  const checked = slug.safeParse(name);
  return checked.success ? null : texts.parts.nameShape;
}
