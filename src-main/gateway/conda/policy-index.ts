/**
 * Index documents of conda channels under policies, and verdicts about their files. Invariant: where policies speak, only
 * what they leave is served; a document that nothing here can filter is not served at all; a file is sent only if the
 * index of its subdir, as these policies leave it, allows it.
 */
import type { Decision } from '../../../shared/model/decision.ts';
import type { Coding } from '../documents/codings.ts';
import type { Documents } from '../documents/documents.ts';
import type { PolicyForm } from '../documents/policy-forms.ts';
import type { ChannelRequest } from '../types.ts';
import type { CondaIndex } from './conda-index.ts';
import { keptCoding } from './conda-index.ts';
import type { CondaPolicyResult, DeniedPackage } from './policy-filter.ts';

/** Documents whose records are judged. */
const judged: ReadonlySet<string> = new Set([
  'repodata.json',
  'current_repodata.json',
  'repodata_from_packages.json',
]);

/** Whether a document can be served where policies speak. */
export const isJudged = (segments: readonly string[]): boolean => judged.has(segments[1] ?? '');

/** What is left of an index; made once for all who ask under the same policies. */
export function formOf(
  documents: Documents,
  request: Pick<ChannelRequest, 'channel' | 'segments' | 'scope'>,
  index: CondaIndex,
  coding: Coding,
  nowMs: number,
  onGrow: () => void,
): PolicyForm<CondaPolicyResult> | Promise<PolicyForm<CondaPolicyResult>> {
  const { channel, segments, scope } = request;
  const [subdir = ''] = segments;
  const job = {
    type: 'policy-conda',
    channelId: channel.id,
    subdir,
    policies: scope.policies,
    nowMs,
  } as const;
  const make = () =>
    documents.underPolicies(channel.id, index.document, job, coding === 'identity' ? keptCoding : coding, onGrow);
  return index.forms.get(scope.key, nowMs, make, onGrow);
}

/** What policies say to one file. `undefined`: nothing. */
export type FileVerdict = { readonly decision: Decision; readonly denied: DeniedPackage } | undefined;

/**
 * @param index of the file's subdir; undefined where there is none
 * @returns why the file is not sent, or what is only observed
 */
export async function judgeFile(
  documents: Documents,
  request: Pick<ChannelRequest, 'channel' | 'segments' | 'scope'>,
  index: CondaIndex | undefined,
  nowMs: number,
  onGrow: () => void,
): Promise<FileVerdict> {
  const [subdir = '', filename = ''] = request.segments;
  if (index !== undefined) {
    const asked = { ...request, segments: [subdir, 'repodata.json'] };
    const form = await formOf(documents, asked, index, keptCoding, nowMs, onGrow);
    const listed = form.result.deniedPackages.find((entry) => entry.filename === filename);
    if (listed !== undefined) return verdictOf(listed);
    if (form.allowed.has(filename)) return undefined;
  }
  // Not among the first that are denied, or in no index: looked for alone.
  const job = {
    type: 'policy-conda',
    channelId: request.channel.id,
    subdir,
    policies: request.scope.policies,
    nowMs,
    only: filename,
  } as const;
  const raw = index?.document ?? documents.emptyDocument;
  const { result } = await documents.underPolicies(request.channel.id, raw, job, keptCoding, () => {});
  const [found] = result.deniedPackages;
  return found === undefined ? undefined : verdictOf(found);
}

function verdictOf(denied: DeniedPackage): FileVerdict {
  const isDenied = denied.reasons.some(({ mode }) => mode !== 'observe');
  return { denied, decision: { effect: isDenied ? 'deny' : 'allow', reasons: denied.reasons } };
}
