/**
 * What an import comes to, on one state of the organization: events of one transaction, or every problem. Invariant: what
 * is planned without a problem is what the same rows would be issued by one by one, policies and all.
 */
import type { z } from 'zod';
import type { ImportFile, ImportProblem } from '../../shared/contract/import-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Holder, HolderKind, Networks } from '../../shared/model/domain.ts';
import { displayName, holderKind, limits, note, slug, usual } from '../../shared/model/domain.ts';
import type { ChannelId, EnvironmentId, HolderId, TeamId } from '../../shared/model/ids.ts';
import { dayMs } from '../../shared/model/time.ts';
import { texts } from '../../shared/texts/texts.ts';
import type { DomainEvent } from '../organization/events.ts';
import type { OrganizationState } from '../organization/state.ts';
import { holderKey } from '../organization/state.ts';
import { effectiveTokenRules, evaluateTokenRules } from '../policy/token-rules.ts';
import type { ImportRow, ImportTable } from './import-table.ts';
import { normalNetworks } from './token-checks.ts';
import type { MadeToken } from './token-maker.ts';

const words = texts.imports;

export type ImportDeps = {
  readonly newTeamId: () => TeamId;
  readonly newHolderId: () => HolderId;
  readonly freshToken: () => {
    readonly id: MadeToken['id'];
    readonly token: string;
    readonly digest: string;
  };
  readonly atMs: number;
};
export type ImportPlan = {
  readonly events: readonly DomainEvent[];
  readonly problems: readonly ImportProblem[];
  readonly issued: readonly (MadeToken & { readonly line: number })[];
  readonly teams: { readonly made: number; readonly kept: number };
  readonly holders: { readonly made: number; readonly kept: number };
};

export function planImport(
  state: OrganizationState,
  tables: Readonly<Record<ImportFile, ImportTable>>,
  deps: ImportDeps,
): ImportPlan {
  const problems: ImportProblem[] = [];
  const plan = new Planner(state, deps, problems);
  for (const file of ['teams', 'holders', 'tokens'] as const) {
    for (const problem of tables[file].problems) problems.push(problem);
    const seen = new Map<string, number>();
    for (const row of tables[file].rows) plan[file](row, seen);
  }
  return {
    events: plan.events,
    problems: problems.toSorted((a, b) => order[a.file] - order[b.file] || a.line - b.line),
    issued: plan.issued,
    teams: plan.count.teams,
    holders: plan.count.holders,
  };
}

const order: Readonly<Record<ImportFile, number>> = { teams: 0, holders: 1, tokens: 2 };

class Planner {
  readonly events: DomainEvent[] = [];
  readonly issued: (MadeToken & { readonly line: number })[] = [];
  readonly count = { teams: { made: 0, kept: 0 }, holders: { made: 0, kept: 0 } };
  readonly #state: OrganizationState;
  readonly #deps: ImportDeps;
  readonly #problems: ImportProblem[];
  readonly #teams: Map<string, TeamId>;
  readonly #environments: ReadonlyMap<string, EnvironmentId>;
  readonly #channels: ReadonlyMap<
    string,
    { readonly id: ChannelId; readonly environmentIds: readonly string[] }
  >;
  readonly #holders = new Map<string, HolderId>();
  readonly #ids = new Set<string>();

  constructor(state: OrganizationState, deps: ImportDeps, problems: ImportProblem[]) {
    this.#state = state;
    this.#deps = deps;
    this.#problems = problems;
    this.#teams = new Map([...state.teams.values()].map(({ id, name }) => [name, id]));
    this.#environments = new Map([...state.environments.values()].map(({ id, name }) => [name, id]));
    this.#channels = new Map([...state.channels.values()].map((channel) => [channel.name, channel]));
  }

  teams({ line, cell }: ImportRow, seen: Map<string, number>): void {
    const check = this.#checker('teams', line);
    const name = check(slug, cell('name'), 'name');
    const description = check(note, cell('description'), 'description');
    if (name === undefined || description === undefined || check.isTwice(seen, name, 'name')) return;
    if (this.#teams.has(name)) {
      this.count.teams.kept += 1;
      return;
    }
    const id = this.#deps.newTeamId();
    this.#teams.set(name, id);
    this.count.teams.made += 1;
    this.events.push({ type: 'team.created', team: { id, name, description } });
  }

  holders({ line, cell }: ImportRow, seen: Map<string, number>): void {
    const check = this.#checker('holders', line);
    const name = check(displayName, cell('name'), 'name');
    const kind = check.kind(cell('kind'));
    const text = check(note, cell('note'), 'note');
    if (name === undefined || kind === undefined || text === undefined) return;
    if (check.isTwice(seen, holderKey({ kind, name }), 'name')) return;
    if (this.#knownHolder({ kind, name }) === undefined) this.#makeHolder({ kind, name }, text);
    else this.count.holders.kept += 1;
  }

  tokens({ line, cell }: ImportRow, seen: Map<string, number>): void {
    const check = this.#checker('tokens', line);
    const name = check(displayName, cell('holder'), 'holder');
    const kind = check.kind(cell('kind'));
    const text = check(note, cell('note'), 'note');
    const teamId = check.known(this.#teams.get(cell('team')), words.noTeam, 'team');
    const environmentId = check.known(
      this.#environments.get(cell('environment')),
      words.noEnvironment,
      'environment',
    );
    const channelIds = this.#reach(check, cell, environmentId);
    const networks = networksOf(check, cell('networks'));
    const days = daysOf(check, cell('days'));
    if (name === undefined || kind === undefined || text === undefined || teamId === undefined) return;
    if (environmentId === undefined || channelIds === undefined) return;
    if (networks === undefined || days === undefined) return;
    const same = [holderKey({ kind, name }), teamId, environmentId, ...channelIds, String(networks), text];
    if (check.isTwice(seen, JSON.stringify(same))) return;

    const where = { teamId, environmentId };
    const most = effectiveTokenRules(this.#state.policies.values(), where).maxTtlDays ?? usual.ttlDays;
    const ttlMs = (days === 'usual' ? Math.min(usual.ttlDays, most) : days) * dayMs;
    const decision = evaluateTokenRules(this.#state.policies.values(), { ...where, ttlMs, networks });
    if (decision.effect === 'deny') {
      for (const reason of decision.reasons.filter(({ mode }) => mode === 'enforce'))
        check.tell(
          texts.said.policyDenied([reason]),
          reason.rule === 'tokens.lifetime' ? 'days' : 'networks',
        );
      return;
    }
    const holderId = this.#knownHolder({ kind, name }) ?? this.#makeHolder({ kind, name }, '');
    const made = this.#freshToken();
    this.issued.push({ id: made.id, secret: made.token, line });
    this.events.push({
      type: 'token.issued',
      token: {
        id: made.id,
        digest: made.digest,
        holderId,
        teamId,
        environmentId,
        channelIds: [...channelIds],
        permission: 'install',
        expiresAtMs: this.#deps.atMs + ttlMs,
        networks,
        note: text,
      },
    });
  }

  /** The channels of a row, all of which must be usable in its environment. */
  #reach(check: Check, cell: ImportRow['cell'], environmentId: string | undefined): ChannelId[] | undefined {
    const names = [...new Set(listOf(cell('channels')))];
    const ids = names.map((name) => {
      const channel = this.#channels.get(name);
      if (channel === undefined) return check.known(undefined, words.noChannel(name), 'channels');
      if (environmentId === undefined || channel.environmentIds.includes(environmentId)) return channel.id;
      return check.known(undefined, words.notThere(name, cell('environment')), 'channels');
    });
    if (names.length === 0) return check.known(undefined, words.required, 'channels');
    const found = ids.filter((id) => id !== undefined);
    return found.length === ids.length ? found : undefined;
  }

  #knownHolder(who: { readonly kind: HolderKind; readonly name: string }): HolderId | undefined {
    return this.#holders.get(holderKey(who)) ?? this.#state.holdersByName.get(holderKey(who));
  }

  #makeHolder({ kind, name }: Pick<Holder, 'kind' | 'name'>, text: string): HolderId {
    const id = this.#deps.newHolderId();
    this.#holders.set(holderKey({ kind, name }), id);
    this.count.holders.made += 1;
    this.events.push({ type: 'holder.created', holder: { id, kind, name, note: text } });
    return id;
  }

  #freshToken(): ReturnType<ImportDeps['freshToken']> {
    for (;;) {
      const made = this.#deps.freshToken();
      if (this.#ids.has(made.id)) continue;
      this.#ids.add(made.id);
      return made;
    }
  }

  #checker(file: ImportFile, line: number): Check {
    const tell = (message: string, column?: string): void => {
      this.#problems.push({ file, line, message, ...(column === undefined ? {} : { column }) });
    };
    return checkOf(tell, line);
  }
}

type Check = ReturnType<typeof checkOf>;

/** Looks at the cells of one row; what is wrong is told, and undefined. */
function checkOf(tell: (message: string, column?: string) => void, line: number) {
  const parsed = <T>(schema: z.ZodType<T>, text: string, column: string): T | undefined => {
    const result = schema.safeParse(text, { error: cellProblem });
    if (result.success) return result.data;
    tell(result.error.issues[0]?.message ?? texts.issues.invalid, column);
    return undefined;
  };
  const known = <T>(found: T | undefined, message: string, column: string): T | undefined => {
    if (found === undefined) tell(message, column);
    return found;
  };
  return Object.assign(parsed, {
    tell,
    known,
    kind: (text: string): HolderKind | undefined =>
      text === '' ? 'person' : known(holderKind.safeParse(text.toLowerCase()).data, words.kinds, 'kind'),
    isTwice: (seen: Map<string, number>, key: string, column?: string): boolean => {
      const first = seen.get(key);
      if (first === undefined) seen.set(key, line);
      else tell(words.sameAs(first), column);
      return first !== undefined;
    },
  });
}

function cellProblem(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_big') return texts.issues.charactersMost(String(issue.maximum));
  return issue.code === 'too_small' ? words.required : undefined;
}

/** Names in one cell, by blanks, commas or semicolons. */
const listOf = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

function networksOf(check: Check, text: string): Networks | undefined {
  if (text === '' || text.toLowerCase() === 'anywhere') return 'anywhere';
  try {
    return normalNetworks([...listOf(text)]);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return check.known<Networks>(undefined, error.message, 'networks');
  }
}

function daysOf(check: Check, text: string): number | 'usual' | undefined {
  if (text === '') return 'usual';
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return check.known(
    days >= 1 && days <= limits.ttlDays ? days : undefined,
    words.days(limits.ttlDays),
    'days',
  );
}
