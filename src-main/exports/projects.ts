/**
 * Clients that read their indexes from the project: poetry, pdm, pipenv, hatch. What is committed with the project holds
 * no secret; the token stands in .netrc, or in variables where the client reads no .netrc.
 */
import { stringify } from 'smol-toml';
import { shellQuote } from './shell-quote.ts';
import { clients } from './clients.ts';
import { netrcFile, netrcPlace } from './netrc.ts';
import { netrcNotes } from './notes.ts';
import {
  anywhere,
  channelNames,
  envName,
  headerComment,
  openFile,
  secretFile,
  secretOf,
  simpleUrl,
  userName,
} from './parts.ts';
import type { ExportFile, ExportInput, Rendered, Tried } from './types.ts';
import { clientVariables } from './variables.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.projects;

const pyproject = anywhere(says.place);
const lockNote = says.lockGateway;

/**
 * The indexes of a project. Names of letters, digits and hyphens, as a client makes a variable's name or a key of the
 * name; the address says which channel it is.
 */
function sources(input: ExportInput): readonly { readonly name: string; readonly url: string }[] {
  const taken = new Set<string>();
  return channelNames(input, 'pypi').map((channel) => {
    const base = channel.replaceAll(/[^a-z0-9]+/g, '-');
    let name = base;
    for (let at = 2; taken.has(name); at += 1) name = `${base}-${at}`;
    taken.add(name);
    return { name, url: simpleUrl(input, channel) };
  });
}

function projectFile(
  input: ExportInput,
  tried: Tried,
  content: Readonly<Record<string, unknown>>,
  name = 'pyproject.toml',
): ExportFile {
  const text = headerComment(input, says.partOf(name), tried) + stringify(content);
  return openFile({ name, content: text, language: 'toml' });
}

export function renderPoetry(input: ExportInput): Rendered {
  const tried: Tried = [clients.poetry];
  const indexes = sources(input);
  const variables = indexes.flatMap(({ name }) => [
    [`POETRY_HTTP_BASIC_${envName(name)}_USERNAME`, userName] as const,
    [`POETRY_HTTP_BASIC_${envName(name)}_PASSWORD`, secretOf(input)] as const,
  ]);
  const header = headerComment(input, says.poetryVariables, tried, { holdsToken: true });
  return {
    summary: says.poetrySummary,
    files: [
      projectFile(input, tried, {
        tool: { poetry: { source: indexes.map((index) => ({ ...index, priority: 'primary' })) } },
      }),
      secretFile(input, {
        name: 'poetry-env.sh',
        content: header + variables.map(([name, value]) => `export ${name}=${shellQuote(value)}\n`).join(''),
        language: 'shell',
      }),
    ],
    where: [pyproject, anywhere(says.secretPlace)],
    checkCommand: 'poetry add --dry-run PACKAGE',
    notes: [says.poetryPrimary, lockNote, says.poetryAuth],
    commands: indexes.map(({ name }) => ({
      title: says.poetryStore(name),
      command: `poetry config http-basic.${name} ${userName}`,
    })),
    tried,
    leaks: [{ how: 'stored', where: 'pypoetry/auth.toml' }],
  };
}

export function renderPdm(input: ExportInput): Rendered {
  const tried: Tried = [clients.pdm];
  const indexes = sources(input);
  // A source of the name "pypi" takes the place of the public index.
  const source = indexes.map((index, at) => ({
    ...index,
    name: at === 0 ? 'pypi' : index.name === 'pypi' ? 'pypi-mirror' : index.name,
    verify_ssl: true,
  }));
  return {
    summary: says.pdmSummary,
    files: [
      projectFile(input, tried, {
        tool: { pdm: { resolution: { 'respect-source-order': true }, source } },
      }),
      netrcFile(input),
    ],
    where: [pyproject, netrcPlace],
    checkCommand: 'pdm add --dry-run PACKAGE',
    notes: [says.pdmOrder, says.pdmConfig, says.lockNeither, ...netrcNotes],
    commands: [],
    tried,
    leaks: [],
  };
}

export function renderPipenv(input: ExportInput): Rendered {
  const tried: Tried = [clients.pipenv];
  return {
    summary: says.pipenvSummary,
    files: [
      projectFile(
        input,
        tried,
        { source: sources(input).map((index) => ({ ...index, verify_ssl: true })) },
        'Pipfile',
      ),
      netrcFile(input),
    ],
    where: [anywhere(says.pipfilePlace), netrcPlace],
    checkCommand: 'pipenv install PACKAGE',
    notes: [says.pipenvPublic, lockNote, ...netrcNotes],
    commands: [],
    tried,
    leaks: [],
  };
}

export function renderHatch(input: ExportInput): Rendered {
  const tried: Tried = [clients.hatch];
  const variables = Object.fromEntries(
    [...clientVariables(input, 'without-token')].filter(([name]) => /^(PIP|UV)_/.test(name)),
  );
  return {
    summary: says.hatchSummary,
    files: [
      projectFile(input, tried, {
        tool: { hatch: { envs: { default: { 'env-vars': variables } } } },
      }),
      netrcFile(input),
    ],
    where: [pyproject, netrcPlace],
    checkCommand: 'hatch env create   # with PACKAGE among the dependencies of the environment',
    notes: [says.hatchDefault, says.hatchWindows, ...netrcNotes],
    commands: [],
    tried,
    leaks: [],
  };
}
