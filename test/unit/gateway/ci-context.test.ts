import { describe, expect, it } from 'vitest';
import { ciContext } from '../../../src-main/gateway/ci-context.ts';

const pip = (data: string): string =>
  `pip/26.3 ${JSON.stringify({ ci: true, cpu: 'x86_64', installer: { name: 'pip', version: '26.3' }, user_data: data })}`;

describe('what a client says of its CI job', () => {
  it('is read from the header, percent-decoded, in any order', () => {
    expect(ciContext('user=Grace%20Hopper; job=build%2042;project=acme/app;other=x', '')).toEqual({
      user: 'Grace Hopper',
      job: 'build 42',
      project: 'acme/app',
    });
  });

  it('is read from what pip puts into its name', () => {
    expect(ciContext(undefined, pip('{"project":"acme/app","job":"17","user":"grace"}'))).toEqual({
      project: 'acme/app',
      job: '17',
      user: 'grace',
    });
    expect(ciContext('project=header', pip('{"project":"agent"}'))).toEqual({ project: 'header' });
  });

  it.each([
    ['nothing', undefined, ''],
    ['another client', undefined, 'conda/26.1 requests/2.32'],
    ['data that are no object', undefined, pip('17')],
    ['data that are no JSON', undefined, pip('{project')],
    ['a name that is no JSON', undefined, 'pip/26.3 {"user_data":'],
    ['a header that is too long', `project=${'x'.repeat(2_000)}`, ''],
    ['a name that is too long', undefined, pip(`{"project":"${'x'.repeat(5_000)}"}`)],
    ['empty values', 'project=; job=  ;=x;;', ''],
  ])('is nothing for %s', (_, header, agent) => {
    expect(ciContext(header, agent)).toEqual({});
  });

  it('is bounded, takes each once, and keeps no secret', () => {
    const token = 'lk_0123456789abcdefghijABCDEFGHIJ0123456789';
    const { project = '', job } = ciContext(`project=${'a/'.repeat(150)}; job=${token}; job=second`, '');
    expect(project.length).toBeLessThanOrEqual(200);
    expect(job).not.toContain('0123456789abcdefghij');
    expect(ciContext(`${'x=1;'.repeat(20)}project=late`, '')).toEqual({});
  });

  it('reads escapes that stand for nothing as they are', () => {
    expect(ciContext('job=100%', '')).toEqual({ job: '100%' });
  });
});
