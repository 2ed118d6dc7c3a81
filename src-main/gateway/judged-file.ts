/** A file that a client asks for, and what policies say to it and to newer versions. */
import type { GatewayRequestEvent } from '../../shared/model/gateway.ts';
import type { Ecosystem } from '../../shared/model/packages.ts';
import type { ExpectedFile } from '../package-cache/expected-file.ts';
import { isPrerelease, parsePep440 } from '../policy/pep440/version.ts';
import type { SpokenFiles, SpokenPackage } from './documents/spoken-files.ts';
import { isNewer } from './versions.ts';

export type JudgedFile = {
  /** undefined where its name is none of a package. */
  readonly about: GatewayRequestEvent['package'];
  /** undefined: nothing. */
  readonly spoken: SpokenPackage | undefined;
  readonly insteadOf?: GatewayRequestEvent['insteadOf'];
  /** What the index that was judged says of its content. */
  readonly expected?: ExpectedFile | undefined;
};

/** Whether two that were judged under one name are the same file, as far as their index says. */
export const isSameContent = ({ expected: a }: JudgedFile, { expected: b }: JudgedFile): boolean =>
  a?.sha256 === b?.sha256 && a?.md5 === b?.md5 && a?.sizeBytes === b?.sizeBytes;

/** Whether one of those that spoke denies. */
export const isDenied = (spoken: SpokenPackage | undefined): spoken is SpokenPackage =>
  spoken?.reasons.some(({ mode }) => mode !== 'observe') ?? false;

type Newest = NonNullable<GatewayRequestEvent['insteadOf']>;
/** By name; kept as long as the form that says it. */
const known = new WeakMap<SpokenFiles, Map<string, Newest | undefined>>();

/**
 * The newest version of the same package that is hidden, if it is newer: who asked for the newest got this one instead.
 * @param spoken what policies said of the index where it stands
 */
export function newerHidden(
  spoken: SpokenFiles,
  { ecosystem, name, version }: NonNullable<JudgedFile['about']>,
): JudgedFile['insteadOf'] {
  let names = known.get(spoken);
  if (names === undefined) {
    names = new Map();
    known.set(spoken, names);
  }
  if (!names.has(name)) names.set(name, newestHidden(spoken, ecosystem, name));
  const newest = names.get(name);
  return newest !== undefined && isNewer(ecosystem, newest.version, version) ? newest : undefined;
}

function newestHidden(spoken: SpokenFiles, ecosystem: Ecosystem, name: string): Newest | undefined {
  let best: Newest | undefined;
  // A page of PyPI is about one project, whose files may spell its name otherwise.
  for (const { version, isHidden, reasons } of ecosystem === 'pypi' ? spoken.all() : spoken.ofName(name)) {
    const [reason] = reasons;
    if (!isHidden || reason === undefined || version === best?.version) continue;
    if (ecosystem === 'pypi' && isNoRelease(version)) continue;
    if (best === undefined || isNewer(ecosystem, version, best.version)) best = { version, reason };
  }
  return best;
}

/** Nobody gets a pre-release without asking for it. */
function isNoRelease(version: string): boolean {
  const parsed = parsePep440(version);
  return parsed === undefined || isPrerelease(parsed);
}
