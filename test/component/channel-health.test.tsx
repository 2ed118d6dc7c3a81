/** What a person reads of a channel's upstream. */
import { screen } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import type { GatewayView } from '../../shared/contract/gateway-views.ts';
import type { ChannelId } from '../../shared/model/ids.ts';
import { ChannelHealth } from '../../src-renderer/features/channels/channel-health.tsx';
import { useGateway } from '../../src-renderer/state/gateway.ts';
import { show } from '../support/render.tsx';

const channelId = 'ch1' as ChannelId;
beforeEach(() => useGateway.getState().reset());

it('says how many downloads broke off, and of which links none is served', () => {
  const health = {
    channelId,
    problems: 0,
    cuts: { count: 3, path: 'noarch/x-1-0.conda', lastMs: Date.UTC(2026, 10, 25, 12) },
    dropped: { 'file-name': 2, 'redirecting-key': 1 },
  };
  useGateway.setState({ gateway: { channels: [health] } as unknown as GatewayView });
  show(<ChannelHealth channelId={channelId} />);
  expect(
    screen.getByText(
      /^3 downloads were broken off by the upstream, the latest of noarch\/x-1-0\.conda\. \(.*2026/,
    ),
  ).toBeDefined();
  expect(
    screen.getByText(
      '3 links are not served: 2 with a file name that would lead out of the channel, 1 that would lead past the gateway.',
    ),
  ).toBeDefined();
});

it('says nothing of another channel, and nothing while all is well', () => {
  const other = {
    channelId: 'ch2',
    problems: 0,
    cuts: { count: 1, path: 'x', lastMs: 0 },
    dropped: { host: 1 },
  };
  useGateway.setState({
    gateway: { channels: [other, { channelId, problems: 0, dropped: {} }] } as unknown as GatewayView,
  });
  show(<ChannelHealth channelId={channelId} />);
  expect(screen.queryByText(/download|served/)).toBeNull();
});
