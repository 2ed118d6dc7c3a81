import { IconAlertTriangle } from '@tabler/icons-react';
import type { ChannelHealthView } from '../../../shared/contract/gateway-views.ts';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useGateway } from '../../state/gateway.ts';
import { cx } from '../../ui/cx.ts';
import { exactTime } from '../../ui/format.ts';
import text from '../../ui/text.module.css';
import styles from './channel-health.module.css';

const words = texts.upstreams;

/** What the running gateway found out about a channel's upstream; nothing while it has nothing to say. */
export function ChannelHealth({ channelId }: { readonly channelId: ChannelId }) {
  const health = useGateway(({ gateway }) => gateway?.channels.find((one) => one.channelId === channelId));
  return health === undefined ? null : <Findings health={health} />;
}

function Findings({ health }: { readonly health: ChannelHealthView }) {
  const { problem, problems, staleSinceMs, cuts, dropped } = health;
  const links = words.dropped(dropped);
  return (
    <>
      {problem !== undefined && (
        <div className={cx(text.small, text.wrap, styles.finding)}>
          <span className={text.error}>
            <IconAlertTriangle size={13} aria-hidden="true" className={styles.icon} />
            {problem.reason}.
          </span>{' '}
          <span className={text.quiet}>
            <span className={text.mono}>{problem.path}</span>
            {problems > 1 && ` ${words.morePaths(problems - 1)}`}, {words.since(exactTime(problem.sinceMs))}.
          </span>
          {problem.hint !== undefined && <div>{problem.hint}</div>}
        </div>
      )}
      {staleSinceMs !== undefined && (
        <div className={cx(text.small, text.quiet)}>{words.staleSince(exactTime(staleSinceMs))}</div>
      )}
      {cuts !== undefined && (
        <div className={cx(text.small, text.quiet, text.wrap)}>
          {words.cuts(cuts)} ({exactTime(cuts.lastMs)})
        </div>
      )}
      {links !== undefined && <div className={cx(text.small, text.quiet)}>{links}</div>}
    </>
  );
}
