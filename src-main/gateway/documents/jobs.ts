/** What the main thread and the workers say to each other. All of it can be cloned; bytes are handed over, not copied. */
import type { PageJob, PageResult } from '../pypi/read-page.ts';
import type { HtmlJob, HtmlResult } from '../pypi/write-html.ts';
import type { ListJob, ListResult } from '../pypi/read-list.ts';
import type { ChannelDataJob, ChannelDataResult } from '../conda/side-documents/channel-data.ts';
import type { ListedNamesJob, ListedNamesResult } from '../conda/side-documents/listed-names.ts';
import type { DigestsJob, DigestsResult } from '../conda/index-digests.ts';
import type { RunExportsJob, SideResult } from '../conda/side-documents/run-exports.ts';
import type { DependenciesJob, RowDependencies } from '../index-store/row-dependencies.ts';
import type { RowsJob, RowsResult } from '../index-store/rows-reader.ts';
import type { CondaJob, CondaResult } from '../conda/read-index.ts';
import type { PypiPolicyJob, PypiPolicyResult } from '../pypi/policy-filter.ts';
import type { ProjectNamesJob, ProjectNamesResult } from '../pypi/listed-names.ts';
import type { PypiFactsJob, PypiFactsResult } from '../pypi/page-facts.ts';

/** Documents beside an index of conda. */
export type SideJob = ListedNamesJob | RunExportsJob | ChannelDataJob;
export type PolicyJob =
  RowsJob | DependenciesJob | DigestsJob | PypiPolicyJob | PypiFactsJob | ProjectNamesJob | SideJob;
export type DocumentJob = PageJob | ListJob | CondaJob | HtmlJob | PolicyJob;
export type ResultOf<J extends DocumentJob> = J extends PageJob
  ? PageResult
  : J extends ListJob
    ? ListResult
    : J extends HtmlJob
      ? HtmlResult
      : J extends RowsJob
        ? RowsResult
        : J extends DependenciesJob
          ? RowDependencies
          : J extends DigestsJob
            ? DigestsResult
            : J extends PypiPolicyJob
              ? PypiPolicyResult
              : J extends PypiFactsJob
                ? PypiFactsResult
                : J extends ProjectNamesJob
                  ? ProjectNamesResult
                  : J extends SideJob
                    ? SideResultOf<J>
                    : CondaResult;
type SideResultOf<J extends SideJob> = J extends ListedNamesJob
  ? ListedNamesResult
  : J extends ChannelDataJob
    ? ChannelDataResult
    : SideResult;

/** Why a document was not read; everything else is a bug and is thrown. */
export type ReadProblem = 'not-an-index' | 'too-large';

export type PushAnswer =
  | { readonly ok: true; readonly pieces: readonly Uint8Array[] }
  | { readonly ok: false; readonly problem: ReadProblem; readonly why: string };
export type EndAnswer<Result> =
  | { readonly ok: true; readonly pieces: readonly Uint8Array[]; readonly result: Result }
  | { readonly ok: false; readonly problem: ReadProblem; readonly why: string };

/** A call about a folder, done step by step. */
export type FolderCall = {
  readonly path: string;
  readonly firstSeenPath: string | undefined;
  readonly method: 'look' | 'page';
  readonly parameters: readonly unknown[];
};
export type FolderAnswer =
  | { readonly ok: true; readonly isDone: false }
  | { readonly ok: true; readonly isDone: true; readonly result: unknown }
  | { readonly ok: false; readonly why: string };
