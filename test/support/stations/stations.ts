import type { Screen } from '../../../src-renderer/state/route.ts';
import { activityStations, cacheStations } from './activity.ts';
import { channelStations, environmentStations, holderStations, teamStations } from './organization.ts';
import { advisoryStations, factsStations, packageStations, policyStations } from './protection.ts';
import type { Stations } from './station.ts';
import { gatewayStations, overviewStations, settingsStations } from './system.ts';
import { tokenStations } from './tokens.ts';

/**
 * Everything of the open app that is looked at, in the order in which it is shown; what changes the sample organization
 * stands last among its screen's. Every screen has to be here (its type), and every dialog (stations.test.ts).
 */
export const stations: Readonly<Record<Screen, Stations>> = {
  overview: overviewStations,
  tokens: tokenStations,
  holders: holderStations,
  channels: channelStations,
  teams: teamStations,
  environments: environmentStations,
  policies: policyStations,
  packages: packageStations,
  advisories: advisoryStations,
  facts: factsStations,
  gateway: gatewayStations,
  activity: activityStations,
  cache: cacheStations,
  settings: settingsStations,
};
