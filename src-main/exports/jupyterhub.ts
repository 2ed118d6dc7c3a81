/**
 * JupyterHub: settings of the clients for every notebook server, and the token from a file of the hub, read when a server
 * starts, so that a rotated token needs no restart of the hub.
 */
import { clients } from './clients.ts';
import { netrcMachines } from './netrc.ts';
import { anywhere, headerComment, openFile, userName } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable } from './sign-in.ts';
import type { ExportInput, Rendered, Tried } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

const says = texts.exportFormats.jupyterhub;

const tried: Tried = [clients.jupyterhub, clients.pip];

const tokenFile = '/etc/jupyterhub/latchkey-token';
/**
 * Before the names in the header: Python decodes its file by the first `coding:` of its first two lines (PEP 263), and a
 * holder of that name could choose UTF-7, in which `+AAo-` is a line break.
 */
const ownCoding = '# coding: utf-8\n';
const startHook = 'latchkey-netrc.sh';

export function renderJupyterhub(input: ExportInput): Rendered {
  // JSON's strings of printable ASCII are strings of Python too.
  const variables = Object.entries(openVariables(input)).map(
    ([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  const content = `${ownCoding}${headerComment(input, says.configuration, tried)}from pathlib import Path

# One token for all, or a file per user: Path("${tokenFile}-" + spawner.user.name)
LATCHKEY_TOKEN_FILE = Path("${tokenFile}")


def latchkey_token(spawner):
    return LATCHKEY_TOKEN_FILE.read_text(encoding="utf-8-sig").strip()


c = get_config()  # noqa: F821
c.Spawner.environment.update(
    {
${variables.join('\n')}
        "${tokenVariable}": latchkey_token,
    }
)
`;
  const words = netrcMachines(input)
    .map((machine) => `'${machine}' "$${tokenVariable}"`)
    .join(' ');
  const hook = `${headerComment(input, says.hook, tried)}# Sourced before the server starts: ~/.netrc is made again, the variable is gone from the server's environment.
if [ -n "\${${tokenVariable}:-}" ]; then
  (umask 077 && printf 'machine %s login ${userName} password %s\\n' ${words} > "$HOME/.netrc")
  unset ${tokenVariable}
fi
`;
  return {
    summary: says.summary,
    files: [
      openFile({ name: 'jupyterhub_config.py', content, language: 'python' }),
      openFile({ name: startHook, content: hook, language: 'shell' }),
    ],
    where: [anywhere(says.place), anywhere(says.hookPlace)],
    checkCommand: placeCheckCommand(input),
    notes: [says.putToken(tokenFile), says.perPerson, says.overwrites, ...placeNotes(input)],
    commands: [],
    tried,
    leaks: [
      { how: 'stored', where: '.netrc' },
      { how: 'printed', where: says.env },
    ],
  };
}
