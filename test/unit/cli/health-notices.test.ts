import { expect, it } from 'vitest';
import type { ChannelHealthView } from '../../../shared/contract/gateway-views.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { HealthNotices } from '../../../src-main/cli/health-notices.ts';

const channelId = 'ch1' as ChannelId;
const well: ChannelHealthView = { channelId, problems: 0, dropped: {} };
const ill = (reason: string): ChannelHealthView => ({
  ...well,
  problems: 1,
  problem: { reason, path: 'noarch/repodata.json', sinceMs: 0 },
});

it('a gateway without a screen says each change of a channel’s upstream once, and not all the time', () => {
  const notices = new HealthNotices();
  const say = (health: ChannelHealthView, atMs: number) =>
    notices.changesIn([health], atMs).map(({ text }) => text);
  expect(say(well, 0)).toEqual([]);
  expect(say(ill('It is away'), 1)).toEqual(['It is away (noarch/repodata.json).']);
  expect(say(ill('It is away'), 70_000)).toEqual([]);
  expect(say(ill('Something else'), 70_001)).toEqual(['Something else (noarch/repodata.json).']);
  expect(say(ill('And again'), 70_002)).toEqual([]);
  expect(say(well, 140_000)).toEqual(['its upstream answers again.']);
  expect(say(well, 300_000)).toEqual([]);
});
