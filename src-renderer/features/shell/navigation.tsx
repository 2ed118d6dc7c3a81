import type { ComponentType } from 'react';
import type { IconProps } from '@tabler/icons-react';
import {
  IconBroadcast,
  IconKey,
  IconLayoutDashboard,
  IconLock,
  IconPackages,
  IconScale,
  IconSettings,
  IconStack2,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { SessionView } from '../../../shared/contract/views.ts';
import { useGateway } from '../../state/gateway.ts';
import type { Screen } from '../../state/route.ts';
import { routeHash } from '../../state/route.ts';
import { formatCount } from '../../ui/format.ts';
import { KeyMark } from '../../ui/key-mark.tsx';
import { lockNow } from './use-session-keys.ts';

type Item = { readonly screen: Screen; readonly label: string; readonly Icon: ComponentType<IconProps> };
const groups: readonly { readonly label: string | undefined; readonly items: readonly Item[] }[] = [
  {
    label: undefined,
    items: [
      { screen: 'overview', label: 'Overview', Icon: IconLayoutDashboard },
      { screen: 'tokens', label: 'Tokens', Icon: IconKey },
    ],
  },
  {
    label: 'Organization',
    items: [
      { screen: 'channels', label: 'Channels', Icon: IconPackages },
      { screen: 'teams', label: 'Teams', Icon: IconUsersGroup },
      { screen: 'environments', label: 'Environments', Icon: IconStack2 },
      { screen: 'policies', label: 'Policies', Icon: IconScale },
    ],
  },
  {
    label: 'System',
    items: [
      { screen: 'gateway', label: 'Gateway', Icon: IconBroadcast },
      { screen: 'settings', label: 'Settings', Icon: IconSettings },
    ],
  },
];

const isMac = navigator.userAgent.includes('Mac OS');

export function Navigation(props: { readonly session: SessionView; readonly screen: Screen }) {
  return (
    <nav className="lk-nav" aria-label="Main">
      <div className="lk-nav-brand">
        <KeyMark size={32} />
        <div style={{ minWidth: 0 }}>
          <strong className="lk-nowrap">{props.session.organizationName ?? 'Latchkey'}</strong>
          <span className="lk-nowrap">{props.session.operator?.name ?? ''}</span>
        </div>
      </div>
      {groups.map((group) => (
        <div key={group.label ?? 'main'}>
          {group.label !== undefined && <div className="lk-nav-group">{group.label}</div>}
          <ul>
            {group.items.map(({ screen, label, Icon }) => (
              <li key={screen}>
                <a href={routeHash(screen)} aria-current={props.screen === screen ? 'page' : undefined}>
                  <Icon size={18} stroke={1.7} aria-hidden="true" />
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className="lk-nav-foot">
        <GatewayPill />
        <button type="button" className="lk-nav-button" onClick={lockNow} aria-label="Lock">
          <IconLock size={18} stroke={1.7} aria-hidden="true" />
          Lock
          <span className="lk-kbd" aria-hidden="true">
            {isMac ? '⌘L' : 'Ctrl+L'}
          </span>
        </button>
      </div>
    </nav>
  );
}

/** Whether the gateway runs, where, and what it did; a way to its screen. */
function GatewayPill() {
  const gateway = useGateway((state) => state.gateway);
  if (gateway === undefined) return null;
  const state = gateway.running ? 'running' : gateway.problem === undefined ? 'stopped' : 'problem';
  const label = { running: 'Gateway running', stopped: 'Gateway stopped', problem: 'Gateway has a problem' }[
    state
  ];
  return (
    <a className="lk-gateway-pill" href={routeHash('gateway')} aria-label={`${label}, details`}>
      <span>
        <span className="lk-dot" data-state={state} />
        {label}
      </span>
      {gateway.running && (
        <span className="lk-mono lk-nowrap">{gateway.baseUrl.replace(/^https?:\/\//, '')}</span>
      )}
      {gateway.running && (
        <span className="lk-small" style={{ color: 'var(--lk-nav-quiet)' }}>
          {formatCount(gateway.allowed)} allowed · {formatCount(gateway.denied)} denied
        </span>
      )}
    </a>
  );
}
