/** The entry of this room: a client's configuration for one token, in the format that the client reads. */
import { LatchkeyError } from '../../shared/errors.ts';
import type { ChannelKind } from '../../shared/model/domain.ts';
import type { ExportFormatId } from '../../shared/model/export-formats.ts';
import { exportFormats } from '../../shared/model/export-formats.ts';
import { publicUrlProblem } from '../../shared/model/public-url.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { renderAzureDevops } from './azure-devops.ts';
import { renderCiEnv } from './ci-env.ts';
import { renderCondaNetrc, renderCondarc } from './condarc.ts';
import { renderDatabricks } from './databricks.ts';
import { renderDocker } from './docker.ts';
import { renderGithubActions } from './github-actions.ts';
import { renderGitlab } from './gitlab.ts';
import { renderJenkins } from './jenkins.ts';
import { renderJupyterhub } from './jupyterhub.ts';
import { commonNotes } from './notes.ts';
import { renderPipConf, renderPipKeyring, renderPipNetrc } from './pip.ts';
import { renderHatch, renderPdm, renderPipenv, renderPoetry } from './projects.ts';
import { renderPixiLogin, renderRattlerAuth } from './rattler.ts';
import { renderSagemaker } from './sagemaker.ts';
import type { ExportInput, Rendered, RenderedExport } from './types.ts';
import { renderUvLogin, renderUvToml } from './uv.ts';
import { renderWindows } from './windows.ts';

const renderers: Readonly<Record<ExportFormatId, (input: ExportInput) => Rendered>> = {
  'conda-netrc': renderCondaNetrc,
  'pip-netrc': renderPipNetrc,
  'uv-login': renderUvLogin,
  'uv-toml': renderUvToml,
  'pip-keyring': renderPipKeyring,
  'pip-conf': renderPipConf,
  poetry: renderPoetry,
  pdm: renderPdm,
  pipenv: renderPipenv,
  hatch: renderHatch,
  'pixi-login': renderPixiLogin,
  'rattler-auth': renderRattlerAuth,
  condarc: renderCondarc,
  env: renderCiEnv,
  docker: renderDocker,
  'github-actions': renderGithubActions,
  gitlab: renderGitlab,
  'azure-devops': renderAzureDevops,
  jenkins: renderJenkins,
  jupyterhub: renderJupyterhub,
  databricks: renderDatabricks,
  sagemaker: renderSagemaker,
  windows: renderWindows,
};

/**
 * Renders an export. Pure: the same input gives the same text.
 * @throws LatchkeyError EXPORT_UNSUPPORTED when the token reaches no channel of the kind that the client reads, or
 *   INVALID_INPUT when the gateway's URL is not valid
 */
export function renderExport(format: ExportFormatId, given: ExportInput): RenderedExport {
  const kinds: readonly ChannelKind[] = exportFormats[format].kinds;
  if (!given.channels.some((channel) => kinds.includes(channel.kind))) {
    throw new LatchkeyError('EXPORT_UNSUPPORTED', ['exportUnsupported', given.token.id, kinds], {
      details: { format, tokenId: given.token.id },
    });
  }
  const input = { ...given, gatewayUrl: normaliseUrl(given.gatewayUrl) };
  const rendered = renderers[format](input);
  return {
    format,
    title: exportFormats[format].title,
    ...rendered,
    notes: [...commonNotes(input, rendered.files), ...rendered.notes],
  };
}

/** Only what the URL parser leaves of an address is written into shell words and files: no quotes, spaces or `$`. */
function normaliseUrl(text: string): string {
  const url = publicUrlProblem(text) === undefined ? parsed(text) : undefined;
  if (url !== undefined && /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:]+\])(:\d+)?$/.test(url.origin)) {
    return withoutTrailingSlashes(url.origin + url.pathname);
  }
  // The text is not repeated: a user name and password may be what is wrong with it.
  throw new LatchkeyError('INVALID_INPUT', ['gatewayAddressInvalid']);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // Not parsable is one of the ways of being no address; the caller says so.
    return undefined;
  }
}
