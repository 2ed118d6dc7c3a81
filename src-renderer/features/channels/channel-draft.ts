import type { ChannelDraft, ChannelView } from '../../../shared/contract/views.ts';
import { upstream } from '../../../shared/model/domain.ts';
import type { EnvironmentId } from '../../../shared/model/ids.ts';
import { nameProblem } from '../../ui/name-check.ts';

/** What the form holds. Credentials live here only while the dialog is open. */
export type ChannelForm = {
  readonly name: string;
  readonly kind: 'conda' | 'pypi';
  readonly source: 'url' | 'folder';
  readonly url: string;
  readonly path: string;
  readonly environmentIds: readonly EnvironmentId[];
  readonly note: string;
  readonly credentials: 'keep' | 'none' | 'basic' | 'bearer' | 'conda-token';
  readonly username: string;
  readonly secret: string;
};

export function channelForm(
  channel: ChannelView | undefined,
  allEnvironments: readonly EnvironmentId[],
): ChannelForm {
  return {
    name: channel?.name ?? '',
    kind: channel?.kind ?? 'conda',
    source: channel?.upstream.type ?? 'url',
    url: channel?.upstream.type === 'url' ? channel.upstream.url : '',
    path: channel?.upstream.type === 'folder' ? channel.upstream.path : '',
    environmentIds: channel?.environmentIds ?? allEnvironments,
    note: channel?.note ?? '',
    credentials: channel?.hasCredentials === true ? 'keep' : 'none',
    username: '',
    secret: '',
  };
}

/** What is wrong with the source, or undefined. Empty is not wrong yet. */
export function sourceProblem(form: ChannelForm): string | undefined {
  const value = form.source === 'url' ? form.url.trim() : form.path.trim();
  if (value === '') return undefined;
  const checked = upstream.safeParse(
    form.source === 'url' ? { type: 'url', url: value } : { type: 'folder', path: value },
  );
  const message = checked.success ? undefined : checked.error.issues[0]?.message;
  return message === undefined ? undefined : `The upstream ${message}.`;
}

export function isComplete(form: ChannelForm): boolean {
  const hasSource =
    (form.source === 'url' ? form.url : form.path).trim() !== '' && sourceProblem(form) === undefined;
  return nameProblem(form.name) === null && hasSource && credentialsComplete(form);
}

function credentialsComplete(form: ChannelForm): boolean {
  if (form.source === 'folder' || form.credentials === 'keep' || form.credentials === 'none') return true;
  return form.secret !== '' && (form.credentials !== 'basic' || form.username !== '');
}

/** The form as the contract's draft. @param hadCredentials whether there is something to remove */
export function channelDraftOf(form: ChannelForm, hadCredentials: boolean): ChannelDraft {
  return {
    name: form.name,
    kind: form.kind,
    upstream:
      form.source === 'url'
        ? { type: 'url', url: form.url.trim() }
        : { type: 'folder', path: form.path.trim() },
    environmentIds: [...form.environmentIds],
    note: form.note.trim(),
    credentials: credentialsChangeOf(form, hadCredentials),
  };
}

function credentialsChangeOf(
  form: ChannelForm,
  hadCredentials: boolean,
): NonNullable<ChannelDraft['credentials']> {
  if (form.source === 'folder' || form.credentials === 'none')
    return { action: hadCredentials ? 'remove' : 'keep' };
  switch (form.credentials) {
    case 'keep':
      return { action: 'keep' };
    case 'basic':
      return {
        action: 'set',
        credentials: { type: 'basic', username: form.username, password: form.secret },
      };
    case 'bearer':
      return { action: 'set', credentials: { type: 'bearer', token: form.secret } };
    case 'conda-token':
      return { action: 'set', credentials: { type: 'conda-token', token: form.secret } };
  }
}
