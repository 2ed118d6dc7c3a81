/** `doctor`: what configurations on this computer make their clients do. Needs no vault and no passphrase. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { DoctorReport } from '../../shared/contract/doctor-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { withoutTrailingSlashes } from '../base/trailing-slashes.ts';
import { readRegularFile } from '../disk/read-file.ts';
import { maxConfigChars } from '../doctor/examine.ts';
import type { Computer } from '../services/config-places.ts';
import { formatTable, print } from './output.ts';
import { globalOptionsOf } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.doctor;

const words = texts.commands.doctorCommand;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor <files...>')
    .description(words.sayWhatCondarcPip)
    .option('--gateway <url>', words.addressOfTheGateway)
    .option('--no-try', words.askNobody)
    .option('--alone', words.leaveOutTheOther, false)
    .action((paths: string[], own: { gateway?: string; try: boolean; alone: boolean }, command: Command) =>
      examine(paths, own, globalOptionsOf(command).json),
    );
}

async function examine(
  paths: readonly string[],
  own: { readonly gateway?: string; readonly try: boolean; readonly alone: boolean },
  json: boolean,
): Promise<void> {
  const computer: Computer = { platform: process.platform, home: homedir(), env: process.env };
  const files = await Promise.all(
    paths.map(async (given) => {
      const path = resolve(given);
      const content = textOf(path, await readRegularFile(path, { maxBytes: maxConfigChars }));
      const { mode } = await stat(path);
      const othersCanRead = process.platform !== 'win32' && (mode & 0o077) !== 0;
      return { path, content, othersCanRead };
    }),
  );
  const { examineFiles } = await import('../services/examine-files.ts');
  const reports = await examineFiles(files, {
    ...(own.gateway === undefined ? {} : { gatewayUrl: withoutTrailingSlashes(own.gateway) }),
    try: own.try,
    ...(own.alone ? {} : { computer }),
  });
  print(json, reports, reports.map(({ path, report }) => describe(path, report)).join('\n'));
  const problems = reports.flatMap(({ report }) => [
    ...report.findings.filter((finding) => finding.level === 'problem'),
    ...report.attempts.filter((attempt) => !attempt.ok),
  ]);
  if (problems.length > 0) {
    throw new LatchkeyError('CONFIG_PROBLEMS', says.found(problems.length), {
      details: { problems: problems.length },
    });
  }
}

/** @throws LatchkeyError INVALID_INPUT for bytes that no client reads as a text */
function textOf(path: string, bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below: also an editor's UTF-16.
  }
  throw new LatchkeyError('INVALID_INPUT', says.notUtf8(path));
}

function describe(path: string, report: DoctorReport): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`\n${title}`, ...lines.map((line) => `  ${line}`)];
  const asks = report.asks.map((ask, at) => [
    String(at + 1),
    ask.client,
    ask.url,
    ask.throughGateway ? 'gateway' : says.bypasses,
    ask.note ?? '',
  ]);
  const marks = { problem: 'problem:', warning: 'warning:', info: 'note:' } as const;
  const attempts = report.attempts.map(
    ({ ok, url, message }) => `${ok ? 'ok  ' : 'FAIL'} ${url}: ${message}`,
  );
  return [
    `${basename(path)} (${report.kind})`,
    ...(asks.length === 0 ? [] : ['', formatTable(['#', 'CLIENT', 'ASKS', 'THROUGH', ''], asks).trimEnd()]),
    ...list(
      says.findings,
      report.findings.map(({ level, text }) => `${marks[level]} ${text}`),
    ),
    ...list(
      says.token,
      report.leaks.map(({ how, where }) => `${how}: ${where}`),
    ),
    ...list(
      says.alsoRead,
      report.others.map(
        ({ path: other, adds }) => `${other}: ${adds.length === 0 ? says.addsNothing : adds.join('; ')}`,
      ),
    ),
    ...list(says.tried, attempts),
    '',
  ].join('\n');
}
