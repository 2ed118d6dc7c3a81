import { expect, it } from 'vitest';
import { requestSubject } from '../../../shared/model/request-subject.ts';

it.each([
  [
    '/conda/main/linux-64/numpy-1.26.4-py312h_0.conda',
    { name: 'numpy', version: '1.26.4', file: 'numpy-1.26.4-py312h_0.conda' },
  ],
  [
    '/conda/t/***/main/noarch/a-b-c-1.0-0.tar.bz2',
    { name: 'a-b-c', version: '1.0', file: 'a-b-c-1.0-0.tar.bz2' },
  ],
  ['/t/***/conda/main/noarch/repodata.json.zst', { file: 'repodata.json.zst' }],
  ['/pypi/internal/simple/flask/', { name: 'flask' }],
  ['/pypi/internal/simple/', {}],
  [
    '/pypi/internal/files/x/Flask-3.0.0-py3-none-any.whl',
    { name: 'Flask', version: '3.0.0', file: 'Flask-3.0.0-py3-none-any.whl' },
  ],
  [
    '/pypi/internal/files/x/Flask-3.0.0-py3-none-any.whl.metadata',
    { name: 'Flask', version: '3.0.0', file: 'Flask-3.0.0-py3-none-any.whl.metadata' },
  ],
  [
    '/pypi/internal/files/x/my-tool-0.1.tar.gz',
    { name: 'my-tool', version: '0.1', file: 'my-tool-0.1.tar.gz' },
  ],
  ['/favicon.ico', {}],
  ['', {}],
])('%s is about %j', (path, subject) => {
  expect(requestSubject(path)).toEqual(subject);
});
