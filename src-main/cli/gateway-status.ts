/** What is known of the gateway of this folder from here, whichever process runs it. No passphrase is needed. */
import type { FoundGateway, GatewayView } from '../../shared/contract/gateway-views.ts';
import { texts } from '../../shared/texts/texts.ts';
import { utcMinute } from '../../shared/texts/utc.ts';
import type { AgentSession } from './agent-session.ts';
import { parsePort } from './options.ts';
import { print } from './output.ts';
import type { CliClient, GlobalOptions } from './session.ts';
import { dataDirOf, passphraseOf, withApp } from './session.ts';

const words = texts.gatewayStatus;

export type GatewayPlace = { readonly host?: string; readonly port?: string };
type Fact = readonly [name: string, value: string];

/** `gateway status`. @throws LatchkeyError AGENT_UNTRUSTED, AGENT_REFUSED, INVALID_INPUT */
export async function showGatewayStatus(options: GlobalOptions, place: GatewayPlace): Promise<void> {
  if (place.port !== undefined) parsePort(place.port);
  const { openAgentSession } = await import('./agent-session.ts');
  const agent = await openAgentSession(dataDirOf(options), () => passphraseOf(options));
  try {
    const found = await findGateway(options, place);
    // The app that was clicked to serve commands knows more of the gateway that it runs itself.
    const view = agent === undefined ? undefined : await ownGatewayOf(agent, found);
    const channels = view === undefined || agent === undefined ? [] : await channelFacts(view, agent.client);
    const facts = [...factsOf(found), ...(view === undefined ? [] : viewFacts(view)), ...channels];
    const width = Math.max(...facts.map(([name]) => name.length)) + 2;
    const text = facts.map(([name, value]) => name.padEnd(width) + value).join('\n');
    print(options.json, { ...found, ...(view === undefined ? {} : { gateway: view }) }, text);
  } finally {
    agent?.close();
  }
}

/** Who answers at the address of the settings, or at another one. */
export async function findGateway(
  options: GlobalOptions,
  { host, port }: GatewayPlace = {},
): Promise<FoundGateway> {
  const { openSettings } = await import('../services/settings-store.ts');
  const stored = openSettings(dataDirOf(options));
  const settings = {
    ...stored,
    read: () => {
      const all = stored.read();
      const gateway = {
        ...all.gateway,
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port: parsePort(port) }),
      };
      return { ...all, gateway };
    },
  };
  return withApp(options, ({ client }) => client.gateway.find({}), { settings });
}

/** `running at http://127.0.0.1:8700`. */
export function whoText({ who, url }: FoundGateway): string {
  return url === undefined || who === 'nothing' ? words.who.nothing(url) : words.who[who](url);
}

function factsOf(found: FoundGateway): readonly Fact[] {
  const { who, publicUrl = '', startedAtMs, enforced, lines } = found;
  const text = whoText(found);
  return [
    [words.names.gateway, who === 'nothing' ? `${text}. ${words.start}` : text],
    ...(publicUrl === '' ? [] : [[words.names.clients, publicUrl] as const]),
    ...(startedAtMs === undefined ? [] : [[words.names.since, utcMinute(startedAtMs)] as const]),
    ...(enforced === undefined ? [] : [[words.names.enforces, words.enforces(enforced, lines)] as const]),
  ];
}

async function ownGatewayOf(
  { client }: AgentSession,
  { url }: FoundGateway,
): Promise<GatewayView | undefined> {
  const view = await client.gateway.status({});
  const isIt = view.running && url !== undefined && new URL(url).port === String(view.port);
  return isIt || view.problem !== undefined ? view : undefined;
}

function viewFacts({ running, problem, allowed, denied, errors, policies }: GatewayView): readonly Fact[] {
  return [
    ...(problem === undefined ? [] : [[words.names.problem, problem] as const]),
    ...(running ? [[words.names.requests, words.requests(allowed, denied, errors)] as const] : []),
    ...policies.map((use) => [words.names.policies, texts.policyUses.line(use)] as const),
  ];
}

/** Channels whose upstream does not do what it should. */
async function channelFacts({ channels }: GatewayView, client: CliClient): Promise<readonly Fact[]> {
  const ill = channels.flatMap((health) => {
    const text = texts.upstreams.health(health);
    return text === undefined ? [] : [{ id: health.channelId, text }];
  });
  if (ill.length === 0) return [];
  const named = await client.channels.list({});
  return ill.map(({ id, text }) => [
    words.names.channel,
    `${named.find((channel) => channel.id === id)?.name ?? id}: ${text}`,
  ]);
}
