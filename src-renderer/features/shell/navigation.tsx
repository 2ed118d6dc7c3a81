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
import type { SessionView } from '../../../shared/contract/session-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useGateway } from '../../state/gateway.ts';
import type { Screen } from '../../state/route.ts';
import { routeHash } from '../../state/route.ts';
import { formatCount } from '../../ui/format.ts';
import { KeyMark } from '../../ui/key-mark.tsx';
import { lockNow } from './use-session-keys.ts';

const words = texts.navigation;

type Item = { readonly screen: Screen; readonly label: string; readonly Icon: ComponentType<IconProps> };
const groups: readonly { readonly label: string | undefined; readonly items: readonly Item[] }[] = [
  {
    label: undefined,
    items: [
      { screen: 'overview', label: words.overview, Icon: IconLayoutDashboard },
      { screen: 'tokens', label: words.tokens, Icon: IconKey },
    ],
  },
  {
    label: words.organization,
    items: [
      { screen: 'channels', label: words.channels, Icon: IconPackages },
      { screen: 'teams', label: words.teams, Icon: IconUsersGroup },
      { screen: 'environments', label: words.environments, Icon: IconStack2 },
      { screen: 'policies', label: words.policies, Icon: IconScale },
    ],
  },
  {
    label: words.system,
    items: [
      { screen: 'gateway', label: words.gateway, Icon: IconBroadcast },
      { screen: 'settings', label: words.settings, Icon: IconSettings },
    ],
  },
];

const isMac = navigator.userAgent.includes('Mac OS');

export function Navigation(props: { readonly session: SessionView; readonly screen: Screen }) {
  return (
    <nav className="lk-nav" aria-label={words.label}>
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
        <button type="button" className="lk-nav-button" onClick={lockNow} aria-label={words.lock}>
          <IconLock size={18} stroke={1.7} aria-hidden="true" />
          {words.lock}
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
  const label = words.gatewayStates[state];
  return (
    <a className="lk-gateway-pill" href={routeHash('gateway')} aria-label={words.gatewayDetails(label)}>
      <span>
        <span className="lk-dot" data-state={state} />
        {label}
      </span>
      {gateway.running && (
        <span className="lk-mono lk-nowrap">{gateway.baseUrl.replace(/^https?:\/\//, '')}</span>
      )}
      {gateway.running && (
        <span className="lk-small" style={{ color: 'var(--lk-nav-quiet)' }}>
          {words.gatewayCounts(formatCount(gateway.allowed), formatCount(gateway.denied))}
        </span>
      )}
    </a>
  );
}
