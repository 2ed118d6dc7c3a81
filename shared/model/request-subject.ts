/** What a request at the gateway was about, as its path says: for people who look for a package in the list of requests. */
export type RequestSubject = {
  /** The package or project, if the path names one. */
  readonly name?: string;
  readonly version?: string;
  /** The file that was asked for; absent for a page of an index. */
  readonly file?: string;
};

const condaPackage = /^(?<name>.+)-(?<version>[^-]+)-[^-]+\.(?:conda|tar\.bz2)$/;
const wheel = /^(?<name>[^-]+)-(?<version>[^-]+)-.+\.whl$/;
const sdist = /^(?<name>.+)-(?<version>[^-]+)\.(?:tar\.gz|zip|tar\.bz2|tgz)$/;

/** @param path without the token, as the gateway tells it */
export function requestSubject(path: string): RequestSubject {
  const parts = path.split('/').filter(Boolean);
  const at = parts.findIndex((part) => part === 'conda' || part === 'pypi');
  const kind = parts[at];
  // Behind the kind stands the channel; a token may stand before it.
  const rest = parts.slice(at + 1).filter((part, index, all) => part !== 't' && all[index - 1] !== 't');
  const last = rest.at(-1) ?? '';
  if (kind === undefined || rest.length < 2) return {};
  if (kind === 'conda') return { file: last, ...namedBy(condaPackage.exec(last)) };
  if (rest[1] === 'simple') return rest[2] === undefined ? {} : { name: rest[2] };
  const file = last.replace(/\.metadata$/, '');
  return { file: last, ...namedBy(wheel.exec(file) ?? sdist.exec(file)) };
}

function namedBy(match: RegExpExecArray | null): Pick<RequestSubject, 'name' | 'version'> {
  const { name, version } = match?.groups ?? {};
  return name === undefined || version === undefined ? {} : { name, version };
}
