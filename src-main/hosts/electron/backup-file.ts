import path from 'node:path';
import { LatchkeyError } from '../../../shared/errors.ts';
import { readHead } from '../../disk/read-file.ts';

/** A header line is short; reading no more keeps a huge or endless file harmless. */
const headBytes = 4096;

export type BackupFileReport = {
  readonly name: string;
  readonly kind: 'backup' | 'unknown' | 'unreadable';
  readonly sizeBytes: number;
  readonly organization?: string;
  readonly madeAt?: string;
};

/**
 * Looks at the head of a `.latchkey` file: its first line is a JSON object `{"format":"latchkey-backup","version":1,…}`.
 * Nothing is restored or trusted; the answer is for a dialog. Never throws.
 */
export async function describeBackupFile(file: string): Promise<BackupFileReport> {
  const name = path
    .basename(file)
    .replace(/[\u0000-\u001f\u007f]/g, '?')
    .slice(0, 100);
  try {
    const { bytes, sizeBytes } = await readHead(file, { maxBytes: headBytes });
    const firstLine = bytes.toString('utf8').split('\n', 1)[0] ?? '';
    return { name, sizeBytes, ...parseHeader(firstLine) };
  } catch (error) {
    // A file that cannot be opened, or a pipe or device, is one of the three answers.
    if (!(error instanceof LatchkeyError)) throw error;
    return { name, kind: 'unreadable', sizeBytes: 0 };
  }
}

function parseHeader(line: string): Pick<BackupFileReport, 'kind' | 'organization' | 'madeAt'> {
  let header: unknown;
  try {
    header = JSON.parse(line);
  } catch {
    return { kind: 'unknown' };
  }
  if (typeof header !== 'object' || header === null) return { kind: 'unknown' };
  const { format, version, organization, madeAt } = header as Record<string, unknown>;
  if (format !== 'latchkey-backup' || typeof version !== 'number') return { kind: 'unknown' };
  const text = (value: unknown): string | undefined =>
    // eslint-disable-next-line no-control-regex
    typeof value === 'string' ? value.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 64) : undefined;
  const organizationName = text(organization);
  const at = text(madeAt);
  return {
    kind: 'backup',
    ...(organizationName !== undefined && { organization: organizationName }),
    ...(at !== undefined && { madeAt: at }),
  };
}
