/** Teams: groups of people and machines that get tokens. */
import { z } from 'zod';
import { requireEntry, requireFreeName, requireNewId, requireNoLiveToken } from './checks.ts';
import { eventKind, UnfitEvent } from './event-kind.ts';
import { storedNote, storedSlug, teamId } from './stored.ts';

const fields = { id: teamId, name: storedSlug, description: storedNote };

export const teamEvents = {
  'team.created': eventKind({
    schema: z.strictObject({ type: z.literal('team.created'), team: z.strictObject(fields) }),
    right: 'admin',
    apply: (before, { team }, { atMs }) => {
      requireNewId(before.teams, team.id, 'team');
      requireFreeName(before.teams, team.name, team.id, 'team');
      return { ...before, teams: before.teams.set(team.id, { ...team, createdAtMs: atMs }) };
    },
  }),
  'team.changed': eventKind({
    schema: z.strictObject({ type: z.literal('team.changed'), team: z.strictObject(fields) }),
    right: 'admin',
    apply: (before, { team }) => {
      const { createdAtMs } = requireEntry(before.teams, team.id, 'team');
      requireFreeName(before.teams, team.name, team.id, 'team');
      return { ...before, teams: before.teams.set(team.id, { ...team, createdAtMs }) };
    },
  }),
  'team.removed': eventKind({
    schema: z.strictObject({ type: z.literal('team.removed'), teamId }),
    right: 'admin',
    clear: (_before, { teamId: id }) => ({ denies: { teams: [id] } }),
    apply: (before, { teamId: id }, line) => {
      requireEntry(before.teams, id, 'team');
      requireNoLiveToken(before, line, (token) => token.teamId === id, 'team');
      for (const policy of before.policies.values()) {
        if (policy.teams !== 'all' && policy.teams.includes(id)) {
          throw new UnfitEvent(`policy "${policy.name}" still names the team`);
        }
      }
      for (const operator of before.operators.values()) {
        if (operator.teamIds.includes(id)) throw new UnfitEvent(`${operator.name} still leads the team`);
      }
      return { ...before, teams: before.teams.delete(id) };
    },
  }),
} as const;
