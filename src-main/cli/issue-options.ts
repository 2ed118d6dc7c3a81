import type { HolderKind } from '../../shared/model/domain.ts';
import type { ExportOptions } from './export-command.ts';

export type IssueOptions = {
  readonly holder?: string;
  readonly service: boolean;
  readonly agent: boolean;
  readonly team?: string;
  readonly env?: string;
  readonly channels?: readonly string[];
  readonly days?: string;
  readonly network?: readonly string[];
  readonly note?: string;
} & ExportOptions;

/** What a token cannot be issued without. */
export type IssueAnswers = {
  readonly kind: HolderKind;
  readonly holder: string;
  readonly team: string;
  readonly env: string;
  readonly channels: readonly string[];
};
