import { api, onHostConnected, onHostEvent, onHostReachable, onSignedOut } from '../client/api.ts';
import { noteChanges } from './changes.ts';
import { useConnection } from './connection.ts';
import type { ListName } from './directory.ts';
import { useDirectory } from './directory.ts';
import { useGateway } from './gateway.ts';
import { useLookedUp } from './looked-up.ts';
import type { Shows } from './reloader.ts';
import { createReloader } from './reloader.ts';
import { useRoute } from './route.ts';
import { useSession } from './session.ts';
import { useSummary } from './summary.ts';
import { useTables } from './tables.ts';
import { useTokens } from './tokens.ts';
import { useVerify } from './verify.ts';

type List = ListName | 'tokens' | 'summary';

/** The one place that says what changes on which screen. Everything else is told to nobody. */
const table: readonly Shows<List>[] = [
  // Names, in filters and forms.
  {
    list: 'teams',
    causes: ['teams'],
    on: ['overview', 'tokens', 'holders', 'teams', 'policies', 'packages', 'activity'],
  },
  {
    list: 'environments',
    causes: ['environments'],
    on: ['tokens', 'channels', 'environments', 'policies', 'packages', 'activity'],
  },
  {
    list: 'channels',
    causes: ['channels'],
    on: ['overview', 'tokens', 'channels', 'environments', 'policies', 'gateway', 'activity', 'cache'],
  },
  // What a removal would take something out of stands in its dialog; requests are looked for by policy.
  { list: 'policies', causes: ['policies'], on: ['teams', 'environments', 'policies', 'activity'] },
  // Numbers beside the names.
  { list: 'teams', causes: ['tokens'], on: ['teams'] },
  { list: 'environments', causes: ['tokens', 'channels'], on: ['environments'] },
  { list: 'channels', causes: ['tokens'], on: ['channels'] },
  // A policy reads out with the names of others.
  { list: 'policies', causes: ['teams', 'environments', 'channels'], on: ['policies'] },
  {
    list: 'tokens',
    causes: ['tokens', 'holders', 'teams', 'environments', 'channels', 'usage'],
    on: ['tokens'],
  },
  { list: 'summary', causes: ['tokens', 'holders', 'teams', 'environments'], on: ['overview'] },
];

const reloader = createReloader<List>({
  table,
  read: (list) => {
    if (list === 'tokens') return useTokens.getState().refresh();
    if (list === 'summary') return useSummary.getState().load();
    return useDirectory.getState().load(list);
  },
  screen: () => useRoute.getState().screen,
  onCauses: noteChanges,
});

/** The list of tokens follows its address, and is read again when that asks for other rows. */
function lookAtTokens(): void {
  const { screen, query } = useRoute.getState();
  if (screen === 'tokens' && useTokens.getState().look(query)) reloader.renew('tokens');
}

const seqOfVault = async (): Promise<number | undefined> => {
  try {
    return (await api.vault.info()).seq;
  } catch {
    // Without it the next change is taken as new, which costs a call too many and nothing else.
    return undefined;
  }
};

async function open(): Promise<void> {
  // The number first, the lists after it: what comes between is in the lists already.
  const seq = await seqOfVault();
  if (!isUnlocked()) return;
  lookAtTokens();
  reloader.begin(seq);
}

function forget(): void {
  reloader.end();
  useDirectory.getState().reset();
  useTokens.getState().reset();
  useTables.getState().reset();
  useSummary.getState().reset();
  useGateway.getState().reset();
  useVerify.getState().reset();
  useLookedUp.getState().reset();
}

const isUnlocked = () => useSession.getState().session?.vault === 'unlocked';

/** Events may have been missed: asks who is here and how far the vault is now. */
async function catchUp(): Promise<void> {
  if (useSession.getState().lockWaits) {
    await useSession
      .getState()
      .lock()
      .catch(() => undefined);
    return;
  }
  if (!isUnlocked()) return;
  try {
    useSession.getState().set(await api.session.status());
    if (!isUnlocked()) return;
    reloader.compare((await api.vault.info()).seq);
    await useGateway.getState().load();
  } catch {
    // The host is gone again; the next connection asks once more.
  }
}

/** Used tokens are told at most this often; the gateway itself speaks four times a second. */
const usageEveryMs = 5000;

/** Wires the host's events to the slices; returns the function that ends it. */
export function followHost(): () => void {
  let usageTimer: number | undefined;
  const endings = [
    onHostEvent('session.changed', (session) => useSession.getState().set(session)),
    onHostEvent('vault.changed', (event) => reloader.change(event)),
    // Which folder a label means is kept by this computer, not by the log.
    onHostEvent('folders.changed', () => reloader.touch('channels')),
    onHostEvent('vault.verifying', (check) => useVerify.getState().tell(check)),
    onHostEvent('gateway.changed', (gateway) => useGateway.getState().set(gateway)),
    onHostConnected(() => void catchUp()),
    onHostReachable((isReachable) => useConnection.setState({ isReachable })),
    onSignedOut((why) => {
      // Nothing of what was shown stays on the page.
      forget();
      useSession.setState({ signedOut: why, session: undefined });
    }),
    useRoute.subscribe(() => {
      lookAtTokens();
      reloader.show();
    }),
    useGateway.subscribe(({ gateway: now }, { gateway: before }) => {
      if (now === undefined || before === undefined || usageTimer !== undefined) return;
      if (now.allowed + now.denied === before.allowed + before.denied) return;
      usageTimer = window.setTimeout(() => {
        usageTimer = undefined;
        reloader.touch('usage');
      }, usageEveryMs);
    }),
    // The lock itself is the signal, whoever turned it: a click, the idle timer, or another window.
    useSession.subscribe((now, before) => {
      const [isOpen, wasOpen] = [now, before].map(({ session }) => session?.vault === 'unlocked');
      if (isOpen === wasOpen) return;
      if (isOpen === true) void open();
      else forget();
    }),
    () => window.clearTimeout(usageTimer),
  ];
  return () => {
    for (const end of endings) end();
  };
}
