/**
 * The catalogue of words in English: everything that people read in the app, on the command line, in a refusal of the
 * gateway or in a log. Plain objects and functions, one file per domain in `en/`; another language is another file of
 * the type `Texts`. Words are sentences of a product: short, idiomatic, active; what to do next, in the reader's terms.
 */
import { activity } from './en/activity.ts';
import { agent } from './en/agent.ts';
import { bulk } from './en/bulk.ts';
import { cacheScreen } from './en/cache-screen.ts';
import { causes } from './en/causes.ts';
import { channels } from './en/channels.ts';
import { curationTables } from './en/curation-tables.ts';
import { curation } from './en/curation.ts';
import { factCommands } from './en/fact-commands.ts';
import { facts } from './en/facts.ts';
import { environments } from './en/environments.ts';
import { errors } from './en/errors.ts';
import { exportWords } from './en/exports.ts';
import { gateway } from './en/gateway.ts';
import { gatewayStatus } from './en/gateway-status.ts';
import { capital, listed, plural, relativeTime } from './en/grammar.ts';
import { holders } from './en/holders.ts';
import { imports } from './en/imports.ts';
import { issues } from './en/issues.ts';
import { keychain } from './en/keychain.ts';
import { lists } from './en/lists.ts';
import { navigation } from './en/navigation.ts';
import { overview } from './en/overview.ts';
import { palette } from './en/palette.ts';
import { parts } from './en/parts.ts';
import { cacheCommands, logCommands, packageCache, requestLog } from './en/request-log.ts';
import { passphrase } from './en/passphrase.ts';
import { decisionPage } from './en/decision-page.ts';
import { decisions } from './en/decisions.ts';
import { reasons } from './en/reasons.ts';
import { saidOfRest } from './en/said.ts';
import { saidOfVault } from './en/said-vault.ts';
import { tokenForms } from './en/token-forms.ts';
import { tokens } from './en/tokens.ts';
import { updates } from './en/updates.ts';
import { alarms } from './en/alarms.ts';
import { doctor } from './en/doctor.ts';
import { browserHost } from './en/browser-host.ts';
import { desktop } from './en/desktop.ts';
import { cli } from './en/cli.ts';
import { network } from './en/network.ts';
import { refusals } from './en/refusals.ts';
import { exportFormats } from './en/export-formats.ts';
import { commands } from './en/commands.ts';
import { policies } from './en/policies.ts';
import { policyUses } from './en/policy-uses.ts';
import { policyCommands } from './en/policy-commands.ts';
import { policyEditor } from './en/policy-editor.ts';
import { packagesScreen } from './en/packages-screen.ts';
import { policyText } from './en/policy-text.ts';
import { policyWords } from './en/policy-words.ts';
import { requests } from './en/requests.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { tables } from './en/tables.ts';
import { teams } from './en/teams.ts';
import { tokenPage } from './en/token-page.ts';
import { tokenTable } from './en/token-table.ts';
import { ui } from './en/ui.ts';
import { unlock } from './en/unlock.ts';
import { upstreams } from './en/upstreams.ts';
import { vex } from './en/vex.ts';
import { welcome } from './en/welcome.ts';

export const en = {
  activity,
  agent,
  bulk,
  cacheScreen,
  causes,
  channels,
  commands,
  curation,
  curationTables,
  exportFormats,
  refusals,
  network,
  cli,
  desktop,
  browserHost,
  doctor,
  alarms,
  errors,
  gateway,
  gatewayStatus,
  grammar: { capital, listed, plural, relativeTime },
  exports: exportWords,
  imports,
  issues,
  keychain,
  holders,
  lists,
  navigation,
  palette,
  parts,
  cacheCommands,
  logCommands,
  packageCache,
  requestLog,
  passphrase,
  decisionPage,
  decisions,
  reasons,
  /** What errors say; an error carries the name of its sentence and the facts (`said.ts`). */
  said: { ...saidOfRest, ...saidOfVault },
  tokenForms,
  tokens,
  updates,
  environments,
  factCommands,
  facts,
  overview,
  policies,
  policyUses,
  policyCommands,
  policyEditor,
  packagesScreen,
  policyText,
  policyWords,
  settings,
  shell,
  teams,
  unlock,
  vex,
  welcome,
  ui,
  requests,
  tables,
  tokenPage,
  tokenTable,
  upstreams,
};
