import type { SessionView } from '../../../shared/contract/session-views.ts';
import type { Screen } from '../../state/route.ts';

/** What is told above a screen. That of facts says itself what is wrong with a feed, and what to do: nothing is said twice. */
export const alarmsBeside = (screen: Screen, alarms: SessionView['alarms']): SessionView['alarms'] =>
  screen === 'facts' ? alarms.filter(({ code }) => !code.startsWith('facts-')) : alarms;
