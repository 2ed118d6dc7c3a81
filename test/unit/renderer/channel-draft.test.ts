import { describe, expect, it } from 'vitest';
import type { ChannelView } from '../../../shared/contract/channel-views.ts';
import { channelId } from '../../../shared/model/ids.ts';
import {
  channelDraftOf,
  channelForm,
  missingOf,
  labelProblem,
  lookForOf,
  lookForProblem,
  urlProblem,
} from '../../../src-renderer/features/channels/channel-draft.ts';

const filled = { ...channelForm(undefined, []), name: 'pypi', url: ' https://pypi.example.com/simple/ ' };
const folder: ChannelView = {
  id: channelId.parse('c'),
  name: 'internal',
  kind: 'pypi',
  upstream: { type: 'folder', label: 'wheels' },
  folderPath: '/srv/w',
  environmentIds: [],
  note: '',
  createdAtMs: 0,
  hasCredentials: false,
  activeTokens: 0,
};

describe('the channel form', () => {
  it.each([
    ['https://user:pw@example.com/', /credentials in their own fields/],
    ['ftp://example.com/', /http/],
  ])('says what is wrong with %s', (url, message) => {
    expect(urlProblem({ ...filled, url })).toMatch(message);
  });

  it('is complete only with a name, a source and whole credentials', () => {
    expect(missingOf(filled, true)).toBeUndefined();
    expect(missingOf({ ...filled, name: '' }, true)).toBe('Enter a name.');
    expect(missingOf({ ...filled, name: 'Not A Slug' }, true)).toContain('lowercase');
    expect(missingOf({ ...filled, credentials: 'basic', secret: 'x' }, true)).toBe('Enter the user name.');
    expect(missingOf({ ...filled, credentials: 'basic', username: 'u', secret: 'x' }, true)).toBeUndefined();
  });

  it.each([
    ['keep', true, { action: 'keep' }],
    ['none', true, { action: 'remove' }],
    ['none', false, { action: 'keep' }],
    ['bearer', false, { action: 'set', credentials: { type: 'bearer', token: 's3' } }],
    ['conda-token', true, { action: 'set', credentials: { type: 'conda-token', token: 's3' } }],
  ] as const)('turns credentials "%s" (stored: %s) into %j', (credentials, stored, change) => {
    const channel = { ...folder, hasCredentials: stored };
    expect(channelDraftOf({ ...filled, credentials, secret: 's3' }, channel).credentials).toEqual(change);
  });

  it('removes stored credentials when the source becomes a folder', () => {
    const form = { ...filled, source: 'folder', label: 'p', path: '/srv/p', credentials: 'keep' } as const;
    expect(channelDraftOf(form, { ...folder, hasCredentials: true })).toMatchObject({
      upstream: { type: 'folder', label: 'p', path: '/srv/p' },
      credentials: { action: 'remove' },
    });
  });

  it('calls a folder as the channel is called, unless it is given a label', () => {
    const form = { ...filled, source: 'folder', path: '/srv/p' } as const;
    expect(channelDraftOf(form, undefined).upstream).toEqual({
      type: 'folder',
      label: 'pypi',
      path: '/srv/p',
    });
    expect(channelDraftOf({ ...form, label: 'wheels' }, undefined).upstream).toMatchObject({
      label: 'wheels',
    });
    expect(labelProblem({ ...form, label: 'Not A Slug' })).toMatch(/lowercase/);
  });

  it('maps no folder when only a note is changed', () => {
    const form = { ...channelForm(folder, []), note: 'new' };
    expect(channelDraftOf(form, folder).upstream).toEqual({ type: 'folder', label: 'wheels' });
    expect(channelDraftOf({ ...form, label: 'other' }, folder).upstream).toMatchObject({ path: '/srv/w' });
  });

  it('wants a path for a new folder, none for one that is known, nor from a computer that lacks it', () => {
    const form = { ...filled, source: 'folder' } as const;
    expect(missingOf(form, true)).toBe('Enter the folder.');
    expect(missingOf({ ...form, path: '/srv/p' }, true)).toBeUndefined();
    expect(missingOf(form, false)).toBeUndefined();
  });

  it('names what the test looks for, beside the channel and not in it', () => {
    const form = { ...filled, lookFor: ' _libgcc_mutex ' };
    expect([lookForOf(form), lookForProblem(form)]).toEqual([{ lookFor: '_libgcc_mutex' }, undefined]);
    expect(channelDraftOf(form, undefined)).not.toHaveProperty('lookFor');
    expect(lookForOf({ ...filled, lookFor: ' ' })).toEqual({});
    expect(lookForProblem({ ...filled, lookFor: '../x' })).toMatch(/^Letters/);
  });

  it.each([
    ['root', 'https://h.example/api/repo/team', {}],
    ['last', 'https://h.example/api/repo/team/', { path: '/api/repo' }],
    ['last', 'https://h.example/team', {}],
  ] as const)('puts a conda token at the %s of %s', (tokenPlace, url, place) => {
    const form = {
      ...filled,
      kind: 'conda',
      url,
      credentials: 'conda-token',
      secret: 'tok-1',
      tokenPlace,
    } as const;
    expect(channelDraftOf(form, undefined).credentials).toEqual({
      action: 'set',
      credentials: { type: 'conda-token', token: 'tok-1', ...place },
    });
  });
});
