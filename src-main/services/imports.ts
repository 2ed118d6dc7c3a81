import type { Handlers } from '../../shared/contract/types.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { holderId, teamId } from '../../shared/model/ids.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import { newId } from './context.ts';
import type { ImportPlan } from './import-plan.ts';
import { planImport } from './import-plan.ts';
import { readImportTable } from './import-table.ts';
import { tokenMaker } from './token-maker.ts';
import { tokenView } from './token-views.ts';
import type { UsageStore } from './usage.ts';

/** Teams, holders and tokens to be from CSV, in one transaction. Secrets leave here once, in the answer. */
export function importsService(context: Context, usage: UsageStore): Handlers['imports'] {
  const { freshToken } = tokenMaker(context);
  const none = { rows: [], problems: [] };
  return {
    run: async ({ teams, holders, tokens, dryRun }) => {
      const read = (file: 'teams' | 'holders' | 'tokens', text: string | undefined) =>
        text === undefined ? none : readImportTable(file, text);
      const tables = {
        teams: read('teams', teams),
        holders: read('holders', holders),
        tokens: read('tokens', tokens),
      };
      const planned = (state: Parameters<typeof planImport>[0], atMs: number): ImportPlan =>
        planImport(state, tables, {
          newTeamId: () => teamId.parse(newId(context)),
          newHolderId: () => holderId.parse(newId(context)),
          freshToken: () => freshToken(state),
          atMs,
        });
      const reportOf = (plan: ImportPlan) => ({
        applied: false,
        problems: [...plan.problems],
        teams: plan.teams,
        holders: plan.holders,
        tokens: { made: plan.issued.length },
        issued: [],
      });
      if (teams === undefined && holders === undefined && tokens === undefined) {
        throw new LatchkeyError('INVALID_INPUT', ['importNothing']);
      }
      const looked = planned(context.vault().state(), context.now());
      if (dryRun || looked.problems.length > 0) return reportOf(looked);
      // Decided again on whatever is newer: problems that came meanwhile are told, and nothing is written.
      const { result, state } = await context.commit((before, { atMs }) => {
        const plan = planned(before, atMs);
        return { events: plan.problems.length > 0 ? [] : plan.events, result: plan };
      });
      if (result.problems.length > 0) return reportOf(result);
      return {
        ...reportOf(result),
        applied: true,
        issued: result.issued.map(({ line, id, secret }) => ({
          line,
          token: tokenView(state, requireEntry(state.tokens, id, 'token'), context.now(), usage),
          secret,
        })),
      };
    },
  };
}
