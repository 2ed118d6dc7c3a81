import { describe, expect, it } from 'vitest';
import {
  channelDraftOf,
  channelForm,
  isComplete,
  sourceProblem,
} from '../../../src-renderer/features/channels/channel-draft.ts';

const filled = { ...channelForm(undefined, []), name: 'pypi', url: ' https://pypi.example.com/simple/ ' };

describe('the channel form', () => {
  it.each([
    ['https://user:pw@example.com/', /credentials in their own fields/],
    ['ftp://example.com/', /http/],
  ])('says what is wrong with %s', (url, message) => {
    expect(sourceProblem({ ...filled, url })).toMatch(message);
  });

  it('is complete only with a name, a source and whole credentials', () => {
    expect(isComplete(filled)).toBe(true);
    expect(isComplete({ ...filled, name: 'Not A Slug' })).toBe(false);
    expect(isComplete({ ...filled, credentials: 'basic', secret: 'x' })).toBe(false);
    expect(isComplete({ ...filled, credentials: 'basic', username: 'u', secret: 'x' })).toBe(true);
  });

  it.each([
    ['keep', true, { action: 'keep' }],
    ['none', true, { action: 'remove' }],
    ['none', false, { action: 'keep' }],
    ['bearer', false, { action: 'set', credentials: { type: 'bearer', token: 's3' } }],
    ['conda-token', true, { action: 'set', credentials: { type: 'conda-token', token: 's3' } }],
  ] as const)('turns credentials "%s" (stored: %s) into %j', (credentials, stored, change) => {
    expect(channelDraftOf({ ...filled, credentials, secret: 's3' }, stored).credentials).toEqual(change);
  });

  it('removes stored credentials when the source becomes a folder', () => {
    const draft = channelDraftOf({ ...filled, source: 'folder', path: '/srv/p', credentials: 'keep' }, true);
    expect(draft).toMatchObject({
      upstream: { type: 'folder', path: '/srv/p' },
      credentials: { action: 'remove' },
    });
  });
});
