import type { ComponentType } from 'react';
import { useEffect, useState } from 'react';
import type { IconProps } from '@tabler/icons-react';
import {
  IconBroadcast,
  IconDatabase,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconLock,
  IconMenu2,
  IconPackage,
  IconPackages,
  IconScale,
  IconSearch,
  IconServer2,
  IconSettings,
  IconShieldExclamation,
  IconStack2,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { SessionView } from '../../../shared/contract/session-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useConnection } from '../../state/connection.ts';
import { useGateway } from '../../state/gateway.ts';
import { usePalette } from '../../state/palette.ts';
import type { Screen } from '../../state/route.ts';
import { routeHash } from '../../state/route.ts';
import { useEscape } from '../../ui/use-escape.ts';
import { cx } from '../../ui/cx.ts';
import { formatCount } from '../../ui/format.ts';
import { Keys } from '../../ui/keys.tsx';
import { KeyMark } from '../../ui/key-mark.tsx';
import text from '../../ui/text.module.css';
import styles from './navigation.module.css';
import { screenKeys } from './shortcuts.ts';
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
      { screen: 'holders', label: words.holders, Icon: IconUsers },
      { screen: 'channels', label: words.channels, Icon: IconPackages },
      { screen: 'teams', label: words.teams, Icon: IconUsersGroup },
      { screen: 'environments', label: words.environments, Icon: IconStack2 },
    ],
  },
  {
    label: words.protection,
    items: [
      { screen: 'policies', label: words.policies, Icon: IconScale },
      { screen: 'packages', label: words.packages, Icon: IconPackage },
      { screen: 'advisories', label: words.advisories, Icon: IconShieldExclamation },
      { screen: 'facts', label: words.facts, Icon: IconDatabase },
    ],
  },
  {
    label: words.system,
    items: [
      { screen: 'gateway', label: words.gateway, Icon: IconBroadcast },
      { screen: 'activity', label: words.activity, Icon: IconHistory },
      { screen: 'cache', label: words.cache, Icon: IconServer2 },
      { screen: 'settings', label: words.settings, Icon: IconSettings },
    ],
  },
];

/** The way to every screen. Where the window is narrow its list is behind a button, which says where one is. */
export function Navigation(props: { readonly session: SessionView; readonly screen: Screen }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [props.screen]);
  useEscape(isOpen, () => setOpen(false));
  return (
    <nav className={styles.nav} aria-label={words.label} data-open={isOpen || undefined}>
      <button
        type="button"
        className={cx(styles.item, styles.menu)}
        aria-expanded={isOpen}
        aria-controls="screens"
        onClick={() => setOpen(!isOpen)}
      >
        <IconMenu2 size={18} stroke={1.7} aria-hidden="true" />
        <span className={text.oneLine}>{words[props.screen]}</span>
      </button>
      <div className={styles.brand}>
        <KeyMark size={32} />
        <div className={styles.who}>
          <strong className={text.oneLine}>{props.session.organizationName ?? 'Latchkey'}</strong>
          <span className={text.oneLine}>{props.session.operator?.name ?? ''}</span>
        </div>
      </div>
      <div id="screens" className={styles.screens}>
        {groups.map((group) => (
          <div key={group.label ?? 'main'}>
            {group.label !== undefined && <div className={styles.group}>{group.label}</div>}
            <ul>
              {group.items.map(({ screen, label, Icon }) => (
                <li key={screen}>
                  <a
                    className={styles.item}
                    href={routeHash(screen)}
                    title={words.withKeys(label, `G ${screenKeys[screen].toUpperCase()}`)}
                    aria-current={props.screen === screen ? 'page' : undefined}
                    onClick={() => setOpen(false)}
                  >
                    <Icon size={18} stroke={1.7} aria-hidden="true" />
                    <span className={styles.label}>{label}</span>
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <div className={styles.foot}>
        <GatewayPill />
        <button
          type="button"
          className={styles.item}
          onClick={() => usePalette.getState().show('palette')}
          title={texts.palette.title}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <IconSearch size={18} stroke={1.7} aria-hidden="true" />
          <span className={styles.label}>{texts.palette.open}</span>
          <span className={styles.keys}>
            <Keys keys={['Ctrl+K']} hint />
          </span>
        </button>
        <button
          type="button"
          className={styles.item}
          onClick={lockNow}
          title={words.lock}
          aria-keyshortcuts="Control+L Meta+L"
        >
          <IconLock size={18} stroke={1.7} aria-hidden="true" />
          <span className={styles.label}>{words.lock}</span>
          <span className={styles.keys}>
            <Keys keys={['Ctrl+L']} hint />
          </span>
        </button>
      </div>
    </nav>
  );
}

/** Whether the gateway runs, where, and what it did; a way to its screen. Nobody knows it while the host is gone. */
function GatewayPill() {
  const gateway = useGateway((state) => state.gateway);
  const isReachable = useConnection((state) => state.isReachable);
  if (gateway === undefined) return null;
  const state = gateway.running ? 'running' : gateway.problem === undefined ? 'stopped' : 'problem';
  const label = isReachable ? words.gatewayStates[state] : texts.parts.hostGone.gateway;
  return (
    <a className={styles.pill} href={routeHash('gateway')} title={label}>
      <span className={styles.dot} data-state={isReachable ? state : 'unknown'} />
      <span className={styles.facts}>
        <span>{label}</span>
        {isReachable && gateway.running && (
          <>
            <span className={cx(text.mono, text.tiny, text.oneLine, styles.detail)}>
              {gateway.baseUrl.replace(/^https?:\/\//, '')}
            </span>
            <span className={styles.detail}>
              {words.gatewayCounts(formatCount(gateway.allowed), formatCount(gateway.denied))}
            </span>
          </>
        )}
      </span>
    </a>
  );
}
