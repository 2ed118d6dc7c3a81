/** What is said beside an export: recurring notes, for people. */
import { channelNames, expiryDate, hostOf, isPlainRemote, placeholder } from './parts.ts';
import type { ExportFile, ExportInput } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.notes;

/** Notes that hold for every format. */
export function commonNotes(input: ExportInput, files: readonly ExportFile[]): readonly string[] {
  const hasPlaceholder = files.some((file) => file.content.includes(placeholder));
  return [
    ...(input.token.ended === undefined ? [says.expires(expiryDate(input))] : []),
    ...(hasPlaceholder ? [says.placeholder(placeholder)] : []),
    ...(isPlainRemote(input) ? [says.plainHttp] : []),
    says.proxy(noProxyLine(input)),
  ];
}

/** For clients that are told to use a proxy of their own. */
export function noProxyLine(input: ExportInput): string {
  return `NO_PROXY=${hostOf(input)}`;
}

/** Notes for whatever conda reads. */
export function condaNotes(input: ExportInput): readonly string[] {
  return [says.noDefaults, says.joins, ...(isIpv6(input) ? [says.ipv6] : [])];
}

export function isIpv6(input: ExportInput): boolean {
  return hostOf(input).includes(':');
}

/** Notes for whatever reads pip's configuration. */
export function pipNotes(input: ExportInput): readonly string[] {
  return [
    says.pipSaysLittle,
    ...(channelNames(input, 'pypi').length > 1 ? [says.pipAnyIndex, says.pipGoesOn] : []),
  ];
}

/** Notes for a pip.conf. */
export const pipFileNotes: readonly string[] = [says.pipEmptyLines, says.pipPlaces, says.pipVariables];

export const netrcNotes: readonly string[] = [says.netrcOneEntry, says.urlWins];
