import { describe, expect, it } from 'vitest';
import { environmentId, teamId } from '../../../shared/model/ids.ts';
import { deniedRows } from '../../../src-renderer/features/packages/denied-rows.ts';

const [web, data] = [teamId.parse('t1'), teamId.parse('t2')];
const [dev, prod] = [environmentId.parse('e1'), environmentId.parse('e2')];
const places = {
  teams: [
    { id: web, name: 'web' },
    { id: data, name: 'data' },
  ],
  environments: [
    { id: dev, name: 'dev' },
    { id: prod, name: 'prod' },
  ],
};
const entry = (version: string, team: typeof web, environment: typeof dev, says = 'malware') => ({
  version,
  teamId: team,
  environmentId: environment,
  isHidden: true,
  policyName: 'p',
  says,
});

describe('a denied version', () => {
  it('is one row for all who are denied it for one reason, in the order of the environments', () => {
    const rows = deniedRows(
      [
        entry('1.1', data, prod),
        entry('1.1', web, prod),
        entry('1.1', web, dev),
        entry('1.0', web, dev),
        entry('1.0', web, prod, 'too young'),
      ],
      places,
    );
    expect(rows.map(({ version, says, where }) => [version, says, where])).toEqual([
      [
        '1.1',
        'malware',
        [
          { environmentName: 'dev', teamNames: ['web'] },
          { environmentName: 'prod', teamNames: 'all' },
        ],
      ],
      ['1.0', 'malware', [{ environmentName: 'dev', teamNames: ['web'] }]],
      ['1.0', 'too young', [{ environmentName: 'prod', teamNames: ['web'] }]],
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
  });

  it('is shown where it is denied to what is removed by now, by the id', () => {
    const [row] = deniedRows([entry('1.1', teamId.parse('gone'), environmentId.parse('away'))], places);
    expect(row?.where).toEqual([{ environmentName: 'away', teamNames: ['gone'] }]);
  });
});
