import type { RenderedExport } from '../../shared/contract/export-views.ts';
import type { Handlers, InputOf } from '../../shared/contract/types.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { renderExport } from '../exports/render.ts';
import type { Token } from '../../shared/model/domain.ts';
import { texts } from '../../shared/texts/texts.ts';
import { parseToken, tokenDigest } from '../tokens/format.ts';
import { tokenState } from '../tokens/lifecycle.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import type { OwnGateway } from './own-gateway.ts';
import { requireOwnGateway } from './own-gateway.ts';
import { saveThroughDoor } from './save-door.ts';
import { tableText } from './table-text.ts';
import { tableOf } from './tables-saved.ts';
import type { UsageStore } from './usage.ts';

type Request = InputOf<Contract['exports']['render']>;
/** What makes the files of what the organization curates. */
type Documents = Pick<Handlers['curation'], 'exportVex' | 'exportTable'>;

/** Client configurations for one token. Without the secret they carry a placeholder, and say so. */
export function exportsService(
  context: Context,
  gateway: OwnGateway,
  usage: UsageStore,
  curation: Documents,
): Handlers['exports'] {
  const render = async ({ format, tokenId, secret }: Request): Promise<RenderedExport> => {
    const state = context.vault().state();
    const token = requireEntry(state.tokens, tokenId, 'token');
    if (secret !== undefined && (!parseToken(secret).ok || tokenDigest(secret) !== token.digest)) {
      throw new LatchkeyError('TOKEN_MALFORMED', ['tokenOther', token.id]);
    }
    requireKnownPort(gateway.baseUrl());
    const said = await requireOwnGateway(gateway);
    const nowMs = context.now();
    const ended = tokenState(token, nowMs);
    const rendered = renderExport(format, {
      gatewayUrl: gateway.baseUrl(),
      organizationName: state.organizationName,
      token: {
        id: token.id,
        holderName: state.holders.get(token.holderId)?.name ?? '',
        teamName: state.teams.get(token.teamId)?.name ?? '',
        environmentName: state.environments.get(token.environmentId)?.name ?? '',
        expiresAtMs: token.expiresAtMs,
        ...(ended === 'revoked' || ended === 'expired' ? { ended } : {}),
      },
      secret,
      channels: token.channelIds.flatMap((id) => {
        const channel = state.channels.get(id);
        return channel === undefined ? [] : [{ name: channel.name, kind: channel.kind }];
      }),
    });
    return {
      ...rendered,
      commands: [...rendered.commands],
      files: [...rendered.files],
      where: [...rendered.where],
      notes: [...rendered.notes],
      warnings: [...tokenWarnings(token, nowMs), ...said],
      tried: typeof rendered.tried === 'string' ? rendered.tried : [...rendered.tried],
      leaks: [...rendered.leaks],
    };
  };

  return {
    render,

    save: async ({ fileName, path, overwrite, ...request }) => {
      const { files } = await render(request);
      const file = files.find((entry) => entry.name === fileName);
      if (file === undefined) {
        throw new LatchkeyError('NOT_FOUND', ['exportHasNoFile', fileName]);
      }
      const place = { fileName, path, overwrite };
      return saveThroughDoor(context.host, place, file.content, file.containsSecret ? 0o600 : 0o644);
    },

    saveTable: async ({ name, format, source, path, overwrite }) => {
      usage.refresh();
      const table = tableOf(context, usage, source);
      const text = await tableText(table, format);
      const place = { fileName: `${name}.${format}`, path, overwrite };
      return { ...(await saveThroughDoor(context.host, place, text, 0o600)), rows: table.rows.length };
    },

    saveCuration: async ({ document, path, overwrite }) => {
      const { fileName, text } =
        document === 'openvex'
          ? await curation.exportVex({})
          : await curation.exportTable({ table: document, format: 'json' });
      return saveThroughDoor(context.host, { fileName, path, overwrite }, text, 0o600);
    },
  };
}

/** With port 0 in the settings the address is known only while the gateway runs; nobody ever answers at port 0. */
function requireKnownPort(url: string): void {
  const { hostname: host, port } = new URL(url);
  if (port === '0') {
    throw new LatchkeyError('GATEWAY_NOT_RUNNING', ['gatewayPortUnknown'], { details: { host, port: 0 } });
  }
}

/** Why the gateway refuses this token, or will soon. */
function tokenWarnings(token: Token, nowMs: number): readonly string[] {
  const { id, revoked, rotatedTo, expiresAtMs } = token;
  if (revoked !== undefined) return [texts.exports.revoked(id, revoked.atMs, revoked.reason)];
  const isOver = nowMs >= expiresAtMs;
  if (rotatedTo !== undefined) return [texts.exports.replaced(id, rotatedTo, isOver)];
  return isOver ? [texts.exports.expired(id, expiresAtMs)] : [];
}
