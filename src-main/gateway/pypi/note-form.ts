import type { Documents } from '../documents/documents.ts';
import type { PolicyForm } from '../documents/policy-forms.ts';
import { spokenOfPage } from '../hidden-packages.ts';
import type { PolicyScope, ServedChannel } from '../types.ts';

/** What it hides and releases by itself can be listed from now on. */
export function noteForm(
  { book }: Documents,
  { id }: Pick<ServedChannel, 'id'>,
  project: string,
  scope: PolicyScope,
  form: PolicyForm,
): void {
  book.made(id, `simple/${project}/`, scope, form, {
    spoken: form.spoken,
    isAllowed: (filename) => form.allowed.has(filename),
    denied: (limit) => spokenOfPage(form.spoken, limit),
  });
}
