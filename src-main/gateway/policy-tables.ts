/**
 * The gateway's own tables of what is enforced about packages. Invariant: after every change of anything that a verdict
 * depends on, `forScope` gives another array or `curationVersion` is another one, so that no verdict made before it is
 * used after it.
 */
import { createHash } from 'node:crypto';
import type { Bundle, BundleAssessment, BundleCuration, BundleDelta } from '../../shared/model/bundle.ts';
import type { Labelled } from '../../shared/model/curation.ts';
import type { EnvironmentId, PolicyId, TeamId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { applies } from '../policy/token-rules.ts';
import { assessmentKey, labelKey } from '../policy/packages/curation-keys.ts';

/** More pairs of team and environment than an organization uses at a time. */
const maxScopes = 10_000;
/** Over all tables that there were: the next bundle's versions are none of the last one's. */
let versions = 0;

export class PolicyTables {
  readonly #policies = new Map<PolicyId, Policy>();
  readonly #labels = new Map<string, Labelled>();
  readonly #assessments = new Map<string, BundleAssessment>();
  readonly #names = new Map<string, string>();
  readonly #licenses = new Map<string, string>();
  readonly #byScope = new Map<TeamId, Map<EnvironmentId, readonly Policy[]>>();
  #scopes = 0;
  #curationVersion = 0;
  #curationDigest: string | undefined;

  /** Of all but the policies. */
  get curationVersion(): number {
    return this.#curationVersion;
  }

  /** Of what it says: the same for the same in another process. */
  get curationDigest(): string {
    this.#curationDigest ??= createHash('sha256')
      .update(JSON.stringify(this.toBundle().curation))
      .digest('base64url');
    return this.#curationDigest;
  }

  /** The policies that say something about packages of a team in an environment; the same array until something changes. */
  forScope(teamId: TeamId, environmentId: EnvironmentId): readonly Policy[] {
    let found = this.#byScope.get(teamId)?.get(environmentId);
    if (found === undefined) {
      if (this.#scopes >= maxScopes) this.#changed();
      found = [...this.#policies.values()].filter(
        (policy) =>
          applies(policy, { teamId, environmentId }) && policy.rules.some(({ type }) => type !== 'tokens'),
      );
      const ofTeam = this.#byScope.get(teamId) ?? new Map<EnvironmentId, readonly Policy[]>();
      this.#byScope.set(teamId, ofTeam.set(environmentId, found));
      this.#scopes += 1;
    }
    return found;
  }

  /** Entries of a bundle or a delta take the place of those of the same key. */
  put({ policies, curation }: Pick<Bundle | BundleDelta, 'policies' | 'curation'>): void {
    for (const policy of policies ?? []) this.#policies.set(policy.id, policy);
    if ((policies ?? []).length > 0) this.#changed();
    if (curation !== undefined) this.#putCuration(curation);
  }

  remove(ids: readonly PolicyId[]): void {
    for (const id of ids) this.#policies.delete(id);
    if (ids.length > 0) this.#changed();
  }

  /** What a bundle says of it. */
  toBundle(): Required<Pick<Bundle, 'policies' | 'curation'>> {
    return {
      policies: [...this.#policies.values()],
      curation: {
        labels: [...this.#labels.values()],
        assessments: [...this.#assessments.values()],
        names: [...this.#names],
        licenses: [...this.#licenses],
      },
    };
  }

  #putCuration({ labels, assessments, names, licenses }: BundleCuration): void {
    for (const entry of labels ?? []) {
      if (entry.labels.length === 0) this.#labels.delete(labelKey(entry));
      else this.#labels.set(labelKey(entry), entry);
    }
    for (const entry of assessments ?? []) this.#assessments.set(assessmentKey(entry), entry);
    for (const [conda, pypi] of names ?? []) this.#names.set(conda, pypi);
    for (const [text, expression] of licenses ?? []) {
      if (expression === null) this.#licenses.delete(text);
      else this.#licenses.set(text, expression);
    }
    versions += 1;
    this.#curationVersion = versions;
    this.#curationDigest = undefined;
    this.#changed();
  }

  #changed(): void {
    this.#byScope.clear();
    this.#scopes = 0;
  }
}
