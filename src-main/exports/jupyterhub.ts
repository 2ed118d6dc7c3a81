/**
 * JupyterHub: settings of the clients for every notebook server, and the token from a file of the hub, read when a server
 * starts, so that a rotated token needs no restart of the hub.
 */
import { clients } from './clients.ts';
import { netrcMachines } from './netrc.ts';
import { anywhere, headerComment, openFile, userName } from './parts.ts';
import { openVariables, placeCheckCommand, placeNotes, tokenVariable } from './sign-in.ts';
import type { ExportInput, Rendered, Tried } from './types.ts';

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
  const content = `${ownCoding}${headerComment(input, 'JupyterHub configuration', tried)}from pathlib import Path

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
  const hook = `${headerComment(input, 'Start hook of a notebook server', tried)}# Sourced before the server starts: ~/.netrc is made again, the variable is gone from the server's environment.
if [ -n "\${${tokenVariable}:-}" ]; then
  (umask 077 && printf 'machine %s login ${userName} password %s\\n' ${words} > "$HOME/.netrc")
  unset ${tokenVariable}
fi
`;
  return {
    summary: 'Settings for every notebook server; the token comes from a file that only the hub can read.',
    files: [
      openFile({ name: 'jupyterhub_config.py', content, language: 'python' }),
      openFile({ name: startHook, content: hook, language: 'shell' }),
    ],
    where: [
      anywhere('merged into jupyterhub_config.py, or hub.extraConfig of the Helm chart'),
      anywhere('/usr/local/bin/before-notebook.d/ of the notebook image (Jupyter Docker Stacks)'),
    ],
    checkCommand: placeCheckCommand(input),
    notes: [
      `Put the token into ${tokenFile} (mode 0600, owner of the hub), or mount it there as a secret. A byte-order mark at its start does no harm.`,
      'Everybody who gets a server can read the token in it. Issue one token per person where that matters, and a file per user.',
      'The hook overwrites ~/.netrc: where people keep other hosts in it, name another file by NETRC.',
      ...placeNotes(input),
    ],
    commands: [],
    tried,
    leaks: [
      { how: 'stored', where: '.netrc' },
      { how: 'printed', where: 'env (of a server without the start hook)' },
    ],
  };
}
