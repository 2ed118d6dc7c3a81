import type { ChannelDraft, ChannelView } from '../../../shared/contract/channel-views.ts';
import { lookedFor } from '../../../shared/contract/channel-views.ts';
import { httpUrl } from '../../../shared/model/domain.ts';
import type { EnvironmentId } from '../../../shared/model/ids.ts';
import { pathBeforeLastPart } from '../../../shared/model/conda-token-path.ts';
import { subdirAtStart } from '../../../shared/model/conda-names.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { nameProblem } from '../../ui/name-check.ts';

/** What the form holds. Credentials live here only while the dialog is open. */
export type ChannelForm = {
  readonly name: string;
  readonly kind: 'conda' | 'pypi';
  readonly source: 'url' | 'folder';
  readonly url: string;
  /** What the vault calls the folder; empty is the channel's name. */
  readonly label: string;
  /** Where the folder is on this computer; empty leaves that as it is. */
  readonly path: string;
  readonly environmentIds: readonly EnvironmentId[];
  readonly note: string;
  readonly credentials: 'keep' | 'none' | 'basic' | 'bearer' | 'conda-token';
  readonly username: string;
  readonly secret: string;
  /** Where conda's token stands in the URL: in front of all, or of the last part (Anaconda's `/api/repo/t/…/team`). */
  readonly tokenPlace: 'root' | 'last';
  readonly privateHosts: readonly string[];
  /** What the test of the connection shall find; no part of the channel. */
  readonly lookFor: string;
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
    label: channel?.upstream.type === 'folder' ? channel.upstream.label : '',
    path: channel?.folderPath ?? '',
    environmentIds: channel?.environmentIds ?? allEnvironments,
    note: channel?.note ?? '',
    credentials: channel?.hasCredentials === true ? 'keep' : 'none',
    username: '',
    secret: '',
    tokenPlace: 'root',
    privateHosts: channel?.privateHosts ?? [],
    lookFor: '',
  };
}

/** The label as it will be stored. */
export const labelOf = (form: ChannelForm): string => form.label.trim() || form.name;

/** What is wrong with the upstream's URL, or undefined. Empty is not wrong yet. */
export function urlProblem(form: ChannelForm): string | undefined {
  const value = form.url.trim();
  const checked = httpUrl.safeParse(value);
  if (value === '' || checked.success) return undefined;
  return `The upstream ${checked.error.issues[0]?.message ?? 'is no URL'}.`;
}

/** What is wrong with the name, or null. A name that the channel has already may stay. */
export function channelNameProblem(form: ChannelForm, channel: ChannelView | undefined): string | null {
  const problem = nameProblem(form.name);
  if (problem !== null || form.kind !== 'conda' || form.name === channel?.name) return problem;
  const subdir = subdirAtStart(form.name);
  return subdir === undefined ? null : texts.channels.condaName(subdir);
}

/** What is wrong with the label, or undefined. */
export function labelProblem(form: ChannelForm): string | undefined {
  return form.label.trim() === '' ? undefined : (nameProblem(form.label.trim()) ?? undefined);
}

/** Why the form cannot be sent yet. @param needsPath the label means nothing on this computer yet, and the channel is new */
export function missingOf(form: ChannelForm, needsPath: boolean, channel?: ChannelView): string | undefined {
  const words = texts.parts.missing;
  if (form.name === '') return words.name;
  const problem = channelNameProblem(form, channel);
  if (problem !== null) return problem;
  if (form.source === 'folder')
    return labelProblem(form) ?? (needsPath && form.path.trim() === '' ? words.folder : undefined);
  if (form.url.trim() === '') return words.url;
  return urlProblem(form) ?? missingCredential(form);
}

function missingCredential(form: ChannelForm): string | undefined {
  const words = texts.parts.missing;
  if (form.credentials === 'keep' || form.credentials === 'none') return undefined;
  if (form.credentials === 'basic' && form.username === '') return words.user;
  return form.secret === '' ? words.secret : undefined;
}

/** What the test looks for, or nothing in particular. */
export function lookForOf(form: ChannelForm): { readonly lookFor?: string } {
  const lookFor = form.lookFor.trim();
  return lookFor === '' ? {} : { lookFor };
}

/** What is wrong with that name, or undefined. */
export function lookForProblem(form: ChannelForm): string | undefined {
  const { lookFor } = lookForOf(form);
  if (lookFor === undefined || lookedFor.safeParse(lookFor).success) return undefined;
  return texts.channels.lookForProblem;
}

/** The form as the contract's draft. @param channel the one that is changed */
export function channelDraftOf(form: ChannelForm, channel: ChannelView | undefined): ChannelDraft {
  return {
    name: form.name,
    kind: form.kind,
    upstream:
      form.source === 'url'
        ? { type: 'url', url: form.url.trim() }
        : { type: 'folder', label: labelOf(form), ...newPathOf(form, channel) },
    environmentIds: [...form.environmentIds],
    note: form.note.trim(),
    credentials: credentialsChangeOf(form, channel?.hasCredentials ?? false),
    privateHosts: form.source === 'url' ? [...form.privateHosts] : [],
  };
}

/** Only a path that differs, so that saving a note maps nothing. */
function newPathOf(form: ChannelForm, channel: ChannelView | undefined): { readonly path?: string } {
  const path = form.path.trim();
  const isSame =
    channel?.upstream.type === 'folder' &&
    channel.upstream.label === labelOf(form) &&
    channel.folderPath === path;
  return path === '' || isSame ? {} : { path };
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
      return {
        action: 'set',
        credentials: { type: 'conda-token', token: form.secret, ...tokenPathOf(form) },
      };
  }
}

/** The part of the URL's path behind which the token stands; none at the root. */
function tokenPathOf(form: ChannelForm): { readonly path?: string } {
  if (form.tokenPlace === 'root' || !httpUrl.safeParse(form.url.trim()).success) return {};
  const path = pathBeforeLastPart(form.url.trim());
  return path === undefined ? {} : { path };
}
