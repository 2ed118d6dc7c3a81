/**
 * Files of a project and their metadata (PEP 658). Invariant: what was judged is what is sent, by the policies that are in
 * force then; a file that policies deny is refused with the reason, whatever else is asked of it.
 */
import type { DecisionMemory } from '../decision-memory.ts';
import type { Documents } from '../documents/documents.ts';
import type { JudgedFile } from '../judged-file.ts';
import { isDenied, newerHidden } from '../judged-file.ts';
import type { NearestAllowed } from '../nearest-allowed.ts';
import { observed, packageRefusal } from '../package-refusal.ts';
import { asksLicenses, underCurrent } from '../policy-scope.ts';
import { whenJudged } from '../when-judged.ts';
import type { PackageFacts } from '../../policy/packages/facts.ts';
import type { ChannelRequest, ChannelResponse, PolicyScope } from '../types.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { metadataSuffix, normalizeProjectName, parseFileNameOf } from './file-names.ts';
import type { KeptFile } from './kept-file.ts';
import { notFound } from './not-found.ts';
import { noteForm } from './note-form.ts';
import type { Served } from './sources.ts';

const words = texts.refusals.pypi;

export type FileDependencies = {
  readonly documents: Documents;
  readonly now: () => number;
  readonly decisions: DecisionMemory;
  readonly nearest: NearestAllowed;
};

/**
 * @param project as it stands in the request
 * @param asked a file of it, or that with `.metadata`
 * @throws UpstreamError
 */
export async function answerFile(
  request: ChannelRequest,
  served: Served,
  project: string,
  asked: string,
  { decisions, documents, nearest, now }: FileDependencies,
): Promise<ChannelResponse> {
  const isMetadata = asked.endsWith(metadataSuffix);
  const filename = isMetadata ? asked.slice(0, -metadataSuffix.length) : asked;
  const missing = notFound(words.noFile);
  if (normalizeProjectName(project) !== project || parseFileNameOf(project, filename) === undefined)
    return missing;
  const { source } = served;
  return await whenJudged(request, {
    judge: async () => {
      const found = await source.find(project, filename, request);
      const judged = await judge(served, project, filename, request, documents, now());
      if (judged === undefined) return { about: undefined, spoken: undefined, file: found };
      const { spoken } = judged;
      // Also where its project is in quarantine, so that the page has no file any more; not what was never there.
      const isSomething =
        found !== undefined || spoken?.reasons.some(({ rule }) => rule !== 'package.unlisted');
      if (isDenied(spoken) && isSomething !== true) return { ...judged, spoken: undefined, file: undefined };
      return judged;
    },
    // What was judged is sent, and not what another page had under its name.
    isSame: ({ file }, { file: now }) => JSON.stringify(file) === JSON.stringify(now),
    refuse: async (spoken) => {
      const look = async () => {
        const page = (await source.page(project, request, 'gzip'))?.page;
        return { files: page === undefined ? [] : await served.licenses.facts(page, project) };
      };
      const near = await nearest.of(request, 'pypi', '', spoken, look);
      return packageRefusal(request, 'pypi', spoken, decisions, now(), near);
    },
    open: async ({ file }) => {
      if (file === undefined || (isMetadata && file.coreMetadata === false)) return missing;
      if (!isMetadata) await request.turn();
      return (await source.send(filename, file, isMetadata ? 'metadata' : 'file', request)) ?? missing;
    },
    send: (response, { file: _file, ...judged }) => {
      if (response === missing) return missing;
      // A resolver looks at the metadata of versions that nobody takes.
      const { insteadOf: _hidden, ...said } = judged;
      return observed(request, response, isMetadata ? said : judged, decisions, now());
    },
  });
}

/** What policies say to a file of a project: for the file itself and for its metadata alike. */
async function judge(
  { source, licenses }: Served,
  project: string,
  filename: string,
  request: ChannelRequest,
  documents: Documents,
  nowMs: number,
): Promise<(JudgedFile & { readonly file: KeptFile | undefined }) | undefined> {
  if (request.scope.policies.length === 0) return undefined;
  const found = await source.page(project, request, 'gzip');
  // Its page went away since the file was found on it: nothing says what it is.
  if (found === undefined) return { about: undefined, spoken: undefined, file: undefined };
  const { page } = found;
  const judgeAlone = async (named: PackageFacts, { policies }: PolicyScope): Promise<JudgedFile> => {
    const { name, version } = named;
    const about = { ecosystem: 'pypi', name, version } as const;
    const listed = (await licenses.facts(page, project)).find((facts) => facts.filename === filename);
    return { about, spoken: await documents.judgeOne(policies, listed ?? named, nowMs) };
  };
  const judged = await underCurrent(request, async (scope, turn): Promise<JudgedFile> => {
    const named = page.factsOfName(filename);
    // Where changes overtook the form of a long page, the file alone.
    if (turn > 0 && named !== undefined && !asksLicenses(scope)) return await judgeAlone(named, scope);
    const form = await licenses.formFor(page, project, filename, scope, 'gzip', nowMs);
    noteForm(documents, request.channel, project, scope, form);
    const said = form.spoken.get(filename);
    if (named === undefined) return { about: undefined, spoken: said };
    const { name, version } = named;
    const about = { ecosystem: 'pypi', name, version } as const;
    const isTaken = request.method === 'GET' && request.headers.range === undefined;
    if (isDenied(said)) return { about, spoken: said };
    if (said !== undefined || form.allowed.has(filename))
      return { about, spoken: said, insteadOf: isTaken ? newerHidden(form.spoken, about) : undefined };
    // It is not on the page (any more), or is one of very many that are denied.
    return await judgeAlone(named, scope);
  });
  return { ...judged, file: page.file(filename) };
}
