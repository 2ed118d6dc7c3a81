import type { Command } from 'commander';
import type { VaultView, VerifyView } from '../../shared/contract/vault-views.ts';
import { LatchkeyError } from '../../shared/errors.ts';
import { formatTable, print, printNotice } from './output.ts';
import type { CliClient, CliSession } from './session.ts';
import { globalOptionsOf, withUnlocked } from './session.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.cli.vault;

const words = texts.commands.vaultCommands;

/** A check that is over sooner needs no progress. */
const progressEveryMs = 1_000;

/** `vault …`. */
export function addVaultCommands(program: Command): void {
  const vault = program.command('vault').description(words.theSignedLogIn);
  vault
    .command('info')
    .description(words.howLongItIs)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const info = await client.vault.info();
        print(options.json, info, describeVault(info));
      }),
    );
  vault
    .command('verify')
    .description(words.checkEveryLineFrom)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, on, options }) => {
        const view = await verify(on, client, options.json);
        if (view.state === 'cancelled') throw new LatchkeyError('CANCELLED', says.cancelled);
        print(options.json, view, verdictOf(view));
        if (view.state === 'failed') {
          throw new LatchkeyError('VAULT_CORRUPT', view.problem ?? says.damaged);
        }
      }),
    );
  vault
    .command('upgrade')
    .description(words.raiseTheFormatOf)
    .action((_own: object, command: Command) =>
      withUnlocked(globalOptionsOf(command), async ({ client, options }) => {
        const info = await client.vault.upgrade();
        print(options.json, info, says.formatNow(info.format.declared));
      }),
    );
}

/** Runs the check to its end; Ctrl+C ends it early. */
async function verify(on: CliSession['on'], client: CliClient, isSilent: boolean): Promise<VerifyView> {
  const onInterrupt = (): void => void client.vault.cancelVerify();
  process.once('SIGINT', onInterrupt);
  let toldAtMs = Date.now();
  let stop = (): void => undefined;
  try {
    const over = new Promise<VerifyView>((resolve) => {
      stop = on('vault.verifying', (view) => {
        if (view.state !== 'running') resolve(view);
        else if (!isSilent && Date.now() - toldAtMs >= progressEveryMs) {
          toldAtMs = Date.now();
          printNotice(says.checkedLines(view.checked, view.total));
        }
      });
    });
    await client.vault.verify();
    return await over;
  } finally {
    stop();
    process.off('SIGINT', onInterrupt);
  }
}

function verdictOf({ checked, voidCount, state }: VerifyView): string {
  const without = voidCount === 0 ? '' : says.voidLines(voidCount);
  return state === 'done' ? says.authentic(checked, without) : says.damagedAfter(checked, without);
}

function describeVault({ seq, format, voidLines, voidCount, background }: VaultView): string {
  const facts: readonly (readonly [string, string])[] = [
    [says.lines, String(seq)],
    [says.format, says.formatOf(format.declared, format.supported)],
    [says.checked, background.done ? says.all : says.soFar(background.checked)],
    [says.withoutEffect, String(voidCount)],
  ];
  const text = facts.map(([name, value]) => `${name.padEnd(15)} ${value}`).join('\n');
  if (voidLines.length === 0) return text;
  const rows = voidLines.map(({ line, signer, why }) => [String(line), signer, why]);
  return `${text}\n\n${formatTable(['LINE', 'SIGNER', 'WHY'], rows)}`;
}
