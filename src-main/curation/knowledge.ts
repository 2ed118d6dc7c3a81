/**
 * What curation knows, as policies ask it: compiled facts, and what the organization says itself. Invariant: it answers
 * from memory; it never changes while somebody judges by it (a change makes another one).
 */
import { LRUCache } from 'lru-cache';
import type { BundleAssessment, BundleCuration } from '../../shared/model/bundle.ts';
import type { CuratedStatus, Ecosystem } from '../../shared/model/packages.ts';
import { assessmentKey, labelKey, licenseKey } from '../policy/packages/curation-keys.ts';
import type { AdvisoryFact, Affected, ExploitList, Knowledge } from '../policy/packages/facts.ts';
import { versionKey, versionOfBuild } from '../policy/packages/version-key.ts';
import { affects } from './affects.ts';
import type { AffectedPackage } from './advisory.ts';
import type { CompiledAdvisory } from './compiled-facts.ts';
import { fixedIn } from './fixed-in.ts';

type ByName = ReadonlyMap<
  string,
  readonly { readonly advisory: CompiledAdvisory; readonly affected: AffectedPackage }[]
>;

/** What is asked of facts that are there and cannot be read: who judges by them denies. One, as many are thrown. */
export class UnreadableFactsError extends Error {
  constructor() {
    super('The facts about packages cannot be read.');
  }
}
const unreadable = new UnreadableFactsError();

/** All advisories, by what they affect. */
export class Advisories {
  readonly ecosystems: ReadonlySet<Ecosystem>;
  readonly lists: ReadonlySet<ExploitList>;
  /** Some are missing: of what is not affected nobody knows. */
  readonly isPartial: boolean;
  readonly #byName: Readonly<Record<Ecosystem, ByName>>;
  readonly #all: readonly CompiledAdvisory[];
  /** false: there should be some, and their file is gone or another one. */
  isReadable = true;

  static unreadable(): Advisories {
    const none = new Advisories([], []);
    none.isReadable = false;
    return none;
  }

  constructor(
    ecosystems: Iterable<Ecosystem>,
    advisories: Iterable<CompiledAdvisory>,
    lists: Iterable<ExploitList> = [],
    isPartial = false,
  ) {
    this.isPartial = isPartial;
    this.ecosystems = new Set(ecosystems);
    this.lists = new Set(lists);
    this.#all = [...advisories];
    const byName = { conda: new Map(), pypi: new Map() } as Record<
      Ecosystem,
      Map<string, { advisory: CompiledAdvisory; affected: AffectedPackage }[]>
    >;
    for (const advisory of this.#all) {
      for (const affected of advisory.affected) {
        const table = byName[affected.ecosystem];
        const list = table.get(affected.name);
        if (list === undefined) table.set(affected.name, [{ advisory, affected }]);
        else list.push({ advisory, affected });
      }
    }
    this.#byName = byName;
  }

  get all(): readonly CompiledAdvisory[] {
    return this.#all;
  }

  of(ecosystem: Ecosystem, name: string) {
    return this.#byName[ecosystem].get(name) ?? [];
  }
}

/** With its version's key in place of the version. */
function keyed<T extends { readonly ecosystem: Ecosystem; readonly version?: string | undefined }>(
  entry: T,
): T {
  const { ecosystem, version } = entry;
  return version === undefined ? entry : { ...entry, version: versionKey(ecosystem, version) };
}

/** Verdicts about versions that are kept: an index asks for the same many times. */
const maxKept = 50_000;

export class CuratedKnowledge implements Knowledge {
  readonly #advisories: Advisories;
  readonly #labels = new Map<string, string[]>();
  /** Names of what has labels, whatever version. */
  readonly #labelled: Readonly<Record<Ecosystem, Set<string>>> = { conda: new Set(), pypi: new Set() };
  /** By the version's key, and as it was written. */
  readonly #status = new Map<string, CuratedStatus>();
  readonly #statusAsWritten = new Map<string, CuratedStatus>();
  readonly #names: ReadonlyMap<string, string>;
  readonly #defaultNames: () => ReadonlyMap<string, string>;
  readonly #licenses = new Map<string, string>();
  readonly #kept = new LRUCache<string, readonly AdvisoryFact[]>({ max: maxKept });

  /** @param defaultNames conda's name → PyPI's, as it comes with the product; the organization's own go first */
  constructor(
    advisories: Advisories,
    { labels, assessments, names, licenses }: BundleCuration,
    defaultNames: () => ReadonlyMap<string, string> = () => new Map(),
  ) {
    this.#advisories = advisories;
    this.#defaultNames = defaultNames;
    for (const entry of labels ?? []) {
      const key = labelKey(keyed(entry));
      // Many spellings of one version are one key: each is added to, not copied.
      const known = this.#labels.get(key);
      if (known === undefined) this.#labels.set(key, [...entry.labels]);
      else known.push(...entry.labels);
      this.#labelled[entry.ecosystem].add(entry.name);
    }
    for (const entry of assessments ?? []) this.#status.set(assessmentKey(keyed(entry)), entry.status);
    // Of versions that are one, what is said of the very spelling goes first.
    for (const entry of assessments ?? []) this.#statusAsWritten.set(assessmentKey(entry), entry.status);
    this.#names = new Map(names);
    for (const [text, expression] of licenses ?? []) {
      if (expression !== null) this.#licenses.set(licenseKey(text), expression);
    }
  }

  /** @throws UnreadableFactsError as all that asks for advisories does */
  hasList(list: ExploitList): boolean {
    this.#mustBeReadable();
    return this.#advisories.lists.has(list);
  }

  hasAdvisories(ecosystem: Ecosystem): boolean {
    this.#mustBeReadable();
    const { ecosystems, isPartial } = this.#advisories;
    return !isPartial && (ecosystems.has(ecosystem) || (ecosystem === 'conda' && ecosystems.has('pypi')));
  }

  advisories(what: Affected): readonly AdvisoryFact[] {
    this.#mustBeReadable();
    const key = `${what.ecosystem} ${what.name} ${what.version}`;
    let found = this.#kept.get(key);
    if (found === undefined) {
      found = this.#find(what);
      this.#kept.set(key, found);
    }
    return found;
  }

  labels({ ecosystem, name, version }: Affected): readonly string[] {
    if (!this.#labelled[ecosystem].has(name)) return [];
    const ofAll = this.#labels.get(labelKey({ ecosystem, name }));
    const ofOne = this.#labels.get(labelKey(keyed({ ecosystem, name, version })));
    return ofAll === undefined ? (ofOne ?? []) : ofOne === undefined ? ofAll : [...ofAll, ...ofOne];
  }

  licenseExpression(text: string): string | undefined {
    return this.#licenses.get(licenseKey(text));
  }

  isAbout(ecosystem: Ecosystem, name: string): boolean {
    if (!this.#advisories.isReadable) return true;
    if (this.#advisories.of(ecosystem, name).length > 0 || this.#labelled[ecosystem].has(name)) return true;
    if (ecosystem !== 'conda' || !this.#advisories.ecosystems.has('pypi')) return false;
    const pypi = this.pypiName(name);
    return pypi !== undefined && this.#advisories.of('pypi', pypi).length > 0;
  }

  /** The name on PyPI of a conda package; undefined: it is nothing there, or nobody knows. */
  pypiName(condaName: string): string | undefined {
    const own = this.#names.get(condaName);
    if (own !== undefined) return own === '' ? undefined : own;
    return this.#defaultNames().get(condaName);
  }

  #mustBeReadable(): void {
    if (!this.#advisories.isReadable) throw unreadable;
  }

  #find({ ecosystem, name, version }: Affected): readonly AdvisoryFact[] {
    const places = this.#advisories
      .of(ecosystem, name)
      .map((entry) => ({ ...entry, as: { ecosystem, name, version } }));
    const hasOthers = ecosystem === 'conda' && this.#advisories.ecosystems.has('pypi');
    const pypi = hasOthers ? this.pypiName(name) : undefined;
    if (pypi !== undefined) {
      const as = { ecosystem: 'pypi', name: pypi, version } as const;
      places.push(...this.#advisories.of('pypi', pypi).map((entry) => ({ ...entry, as })));
    }
    const facts = new Map<string, AdvisoryFact>();
    for (const { advisory, affected, as } of places) {
      if (facts.has(advisory.id)) continue;
      // What cannot be read counts as affected: it must not be a way past a rule.
      if (affects({ affected: [affected] }, as) === 'unaffected') continue;
      facts.set(advisory.id, {
        id: advisory.id,
        ids: advisory.ids,
        isMalware: advisory.isMalware,
        score: advisory.score,
        isExploited: advisory.isExploited,
        epss: advisory.epss,
        publishedAtMs: advisory.publishedAtMs,
        fixedIn: fixedIn(affected, version),
        status: this.#statusOf(advisory, { ecosystem, name, version }, pypi),
      });
    }
    return [...facts.values()];
  }

  /** Of the version before that of the package, of conda's name before PyPI's. */
  #statusOf(
    { ids }: CompiledAdvisory,
    { ecosystem, name, version }: Affected,
    pypi: string | undefined,
  ): CuratedStatus | undefined {
    const ofVersion = this.#statusAt(ids, { ecosystem, name, version });
    if (ofVersion !== undefined) return ofVersion;
    const ofAll =
      this.#statusAt(ids, { ecosystem, name }) ??
      (pypi === undefined ? undefined : this.#statusAt(ids, { ecosystem: 'pypi', name: pypi }));
    // What is said of a version clears none of its builds, and keeps them from being cleared with all others.
    const built = versionOfBuild(ecosystem, version);
    const ofBuilt =
      built === undefined ? undefined : this.#statusAt(ids, { ecosystem, name, version: built });
    return ofBuilt === undefined || ofBuilt === ofAll ? ofAll : undefined;
  }

  #statusAt(
    ids: CompiledAdvisory['ids'],
    place: Pick<BundleAssessment, 'ecosystem' | 'name' | 'version'>,
  ): CuratedStatus | undefined {
    for (const advisoryId of ids) {
      const status =
        this.#statusAsWritten.get(assessmentKey({ ...place, advisoryId })) ??
        this.#status.get(assessmentKey({ ...keyed(place), advisoryId }));
      if (status !== undefined) return status;
    }
    return undefined;
  }
}
