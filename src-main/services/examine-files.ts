/** Examines files as they lie on a computer, together: a .netrc among them, or the user's own, gives the credentials. */
import type { ConfigKind, DoctorReport } from '../../shared/contract/doctor-views.ts';
import { parsedUrl } from '../doctor/addresses.ts';
import { examineConfig, kindOfConfig } from '../doctor/examine.ts';
import type { Netrc } from '../doctor/read-netrc.ts';
import { netrcEntryFor, readNetrc } from '../doctor/read-netrc.ts';
import type { Computer } from './config-places.ts';
import { otherConfigs } from './config-places.ts';
import { tryGateway } from './try-gateway.ts';
import { texts } from '../../shared/texts/texts.ts';

const words = texts.doctor.files;

export type GivenFile = { readonly path: string; readonly content: string; readonly othersCanRead: boolean };
export type FileReport = { readonly path: string; readonly report: DoctorReport };

/** @param options `computer`: whose other files and variables count; without it the given files are all there is */
export async function examineFiles(
  files: readonly GivenFile[],
  options: { readonly gatewayUrl?: string; readonly try: boolean; readonly computer?: Computer },
): Promise<readonly FileReport[]> {
  const kinds = files.map((file) => kindOfConfig(file.path, file.content));
  const netrc = await netrcOf(
    files.filter((_file, at) => kinds[at] === 'netrc'),
    options.computer,
  );
  const gatewayUrl = options.gatewayUrl ?? firstGateway(files, kinds);
  return Promise.all(
    files.map(async (file, at) => {
      const kind = kinds[at]!;
      const others =
        options.computer === undefined ? [] : await otherConfigs(kind, options.computer, file.path);
      const { report, asked } = examineConfig(
        { name: file.path, content: file.content, kind },
        { ...(gatewayUrl === undefined ? {} : { gatewayUrl }), others },
      );
      const targets = asked.map(({ address }) => {
        const entry = netrcEntryFor(netrc, parsedUrl(address)?.hostname ?? '');
        return { address, ...(entry === undefined ? {} : { credentials: entry }) };
      });
      const attempts = options.try && gatewayUrl !== undefined ? await tryGateway(gatewayUrl, targets) : [];
      const findings = [...report.findings];
      if (file.othersCanRead && (report.leaks.length > 0 || kind === 'netrc')) {
        findings.unshift({
          level: 'problem',
          text: words.openToOthers,
        });
      }
      if (options.try && kinds.every((one) => one === 'netrc')) {
        findings.push({
          level: 'info',
          text: words.needsClient,
        });
      }
      return { path: file.path, report: { ...report, findings, attempts } };
    }),
  );
}

/** The gateway that the files themselves name. */
function firstGateway(files: readonly GivenFile[], kinds: readonly ConfigKind[]): string | undefined {
  for (const [at, { path, content }] of files.entries()) {
    const { gatewayUrl } = examineConfig({ name: path, content, kind: kinds[at]! }).report;
    if (gatewayUrl !== undefined) return gatewayUrl;
  }
  return undefined;
}

/** @param given those among the files */
async function netrcOf(given: readonly GivenFile[], computer: Computer | undefined): Promise<Netrc> {
  const own = computer === undefined ? [] : await otherConfigs('netrc', computer, '');
  const [first] = [...given, ...own.toReversed()];
  return readNetrc(first !== undefined && 'content' in first ? first.content : '');
}
