import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import type { RenderedExport } from '../../shared/contract/export-views.ts';
import type { Handlers, InputOf } from '../../shared/contract/types.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import type { Disk } from '../disk/operations.ts';
import { systemDisk } from '../disk/operations.ts';
import { replaceFile } from '../disk/write-file.ts';
import { renderExport } from '../exports/render.ts';
import { parseToken, tokenDigest } from '../tokens/format.ts';
import { requireEntry } from './checks.ts';
import type { Context } from './context.ts';
import type { OwnGateway } from './own-gateway.ts';
import { requireOwnGateway } from './own-gateway.ts';

type Request = InputOf<Contract['exports']['render']>;

/** Client configurations for one token. Without the secret they carry a placeholder, and say so. */
export function exportsService(context: Context, gateway: OwnGateway): Handlers['exports'] {
  const render = async ({ format, tokenId, secret }: Request): Promise<RenderedExport> => {
    const state = context.vault().state();
    const token = requireEntry(state.tokens, tokenId, 'token');
    if (secret !== undefined && (!parseToken(secret).ok || tokenDigest(secret) !== token.digest)) {
      throw new LatchkeyError('TOKEN_MALFORMED', `The given secret is not that of token lk-${token.id}.`);
    }
    const said = await requireOwnGateway(gateway);
    const rendered = renderExport(format, {
      gatewayUrl: gateway.baseUrl(),
      organizationName: state.organizationName,
      token: {
        id: token.id,
        holderName: state.holders.get(token.holderId)?.name ?? '',
        teamName: state.teams.get(token.teamId)?.name ?? '',
        environmentName: state.environments.get(token.environmentId)?.name ?? '',
        expiresAtMs: token.expiresAtMs,
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
      notes: [...said, ...rendered.notes],
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
        throw new LatchkeyError('NOT_FOUND', `This export has no file named ${fileName}.`);
      }
      const native = context.host.chooseSavePath;
      const target = native === undefined ? await typedPath(path) : await native(fileName);
      if (target === undefined) throw new LatchkeyError('CANCELLED', 'Nothing was saved.');
      const mode = file.containsSecret ? 0o600 : 0o644;
      // A system dialog has asked about replacing already.
      await writeExport(target, file.content, mode, native !== undefined || overwrite);
      return { path: target, mode: mode.toString(8).padStart(4, '0') };
    },
  };
}

/**
 * A path typed into the page of a host without a dialog. Kept inside the home folder, links resolved: whoever gets
 * hold of the page must not be able to write elsewhere.
 */
async function typedPath(path: string | undefined): Promise<string> {
  if (path === undefined || !isAbsolute(path)) {
    throw new LatchkeyError('INVALID_INPUT', 'Give the whole path of the file, starting at the root.');
  }
  const target = resolve(path);
  const [folder, home] = await Promise.all([
    realpath(dirname(target)).catch((cause: unknown) => {
      throw new LatchkeyError('FILE_NOT_WRITABLE', `There is no folder ${dirname(target)}.`, {
        details: { path: dirname(target) },
        cause,
      });
    }),
    realpath(homedir()),
  ]);
  if (folder !== home && !folder.startsWith(home + sep)) {
    throw new LatchkeyError('INVALID_INPUT', `Choose a place inside your home folder (${home}).`);
  }
  return target;
}

/**
 * Writes with the final mode from the first byte on: there is no moment at which others could read a secret. The old
 * file stands until the new one is whole.
 * @throws LatchkeyError FILE_EXISTS, FILE_NOT_WRITABLE, FILE_NOT_REGULAR
 */
export async function writeExport(
  path: string,
  content: string,
  mode: number,
  overwrite: boolean,
  disk: Disk = systemDisk,
): Promise<void> {
  const existing = overwrite ? 'replace' : 'refuse';
  await replaceFile(path, content, { mode, existing, exactMode: true, refuseLink: true, disk });
}
