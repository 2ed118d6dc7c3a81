import { IconAlertTriangle } from '@tabler/icons-react';
import type { ChannelHealthView } from '../../../shared/contract/gateway-views.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useGateway } from '../../state/gateway.ts';
import { exactTime } from '../../ui/format.ts';

const words = texts.upstreams;

/** What the running gateway found out about a channel's upstream; nothing while it has nothing to say. */
export function ChannelHealth({ channelId }: { readonly channelId: ChannelId }) {
  const health = useGateway(({ gateway }) => gateway?.channels.find((one) => one.channelId === channelId));
  return health === undefined ? null : <Findings health={health} />;
}

function Findings({ health }: { readonly health: ChannelHealthView }) {
  const { problem, problems, staleSinceMs, dropped } = health;
  const links = words.dropped(dropped);
  return (
    <>
      {problem !== undefined && (
        <div className="lk-small" style={{ marginTop: 2, overflowWrap: 'anywhere' }}>
          <span className="lk-field-error">
            <IconAlertTriangle
              size={13}
              aria-hidden="true"
              style={{ verticalAlign: '-2px', marginRight: 4 }}
            />
            {problem.reason}.
          </span>{' '}
          <span className="lk-quiet">
            <span className="lk-mono">{problem.path}</span>
            {problems > 1 && ` ${words.morePaths(problems - 1)}`}, {words.since(exactTime(problem.sinceMs))}.
          </span>
          {problem.hint !== undefined && <div>{problem.hint}</div>}
        </div>
      )}
      {staleSinceMs !== undefined && (
        <div className="lk-small lk-quiet">{words.staleSince(exactTime(staleSinceMs))}</div>
      )}
      {links !== undefined && <div className="lk-small lk-quiet">{links}</div>}
    </>
  );
}
