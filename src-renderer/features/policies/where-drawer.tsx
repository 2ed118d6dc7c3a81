import { Badge, Button, NativeSelect, Skeleton, Stack } from '@mantine/core';
import type { PolicyStack } from '../../../shared/contract/policy-views.ts';
import { environmentId, teamId } from '../../../shared/model/ids.ts';
import { policyLayers } from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, replaceQuery, routeHash, useRoute } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import layout from '../../ui/layout.module.css';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import text from '../../ui/text.module.css';
import styles from './policies.module.css';

const words = texts.policyEditor.where;
const screen = texts.policies.policiesScreen;

/** All that applies to a team in an environment, highest layer first; what has no effect says why. */
export function WhereDrawer(props: { readonly onClose: () => void }) {
  const { teams, environments } = useDirectory();
  const query = useRoute((route) => route.query);
  const asked = new URLSearchParams(query);
  // What an address names that is not there (any more) counts for nothing.
  const known = (list: readonly { readonly id: string }[], key: string) =>
    list.find(({ id }) => id === asked.get(key))?.id;
  const team = teamId.safeParse(known(teams, 'team') ?? teams[0]?.id);
  const environment = environmentId.safeParse(known(environments, 'environment') ?? environments.at(-1)?.id);
  const choose = (key: 'team' | 'environment', id: string) => {
    const next = new URLSearchParams(query);
    next.set(key, id);
    replaceQuery(next.toString());
  };
  const where =
    team.success && environment.success ? { teamId: team.data, environmentId: environment.data } : undefined;
  const { value, isStale, problem, retry } = useAnswer(
    where && `${where.teamId} ${where.environmentId}`,
    async () => (where === undefined ? [] : api.policies.stack(where)),
    { causes: ['policies', 'teams', 'environments', 'channels'] },
  );
  const options = (list: readonly { readonly id: string; readonly name: string }[]) =>
    list.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Overlay kind="drawer" size="lg" closesBeside onClose={props.onClose} title={words.title}>
      <Stack gap="lg">
        <div className={layout.pair}>
          <NativeSelect
            label={words.team}
            data={options(teams)}
            value={where?.teamId ?? ''}
            onChange={(event) => choose('team', event.currentTarget.value)}
          />
          <NativeSelect
            label={words.environment}
            data={options(environments)}
            value={where?.environmentId ?? ''}
            onChange={(event) => choose('environment', event.currentTarget.value)}
          />
        </div>
        {where === undefined && <p>{words.missing}</p>}
        {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
        {where !== undefined && (value === undefined || isStale) && problem === undefined ? (
          <Skeleton height={120} aria-busy="true" />
        ) : (
          value !== undefined && (value.length === 0 ? <NoPolicies /> : <Layers stack={value} />)
        )}
      </Stack>
    </Overlay>
  );
}

function NoPolicies() {
  return (
    <Stack gap="sm" align="flex-start">
      <p>{words.none}</p>
      <Button variant="default" onClick={() => navigate('policies', 'templates')}>
        {texts.policyEditor.list.template}
      </Button>
    </Stack>
  );
}

/** What becomes of packages that break it; one that observes hides nothing. */
const styleSays = ({ mode, style }: Pick<PolicyStack[number], 'mode' | 'style'>): string =>
  mode === 'observe' ? words.observes : words.styles[style];

function Layers({ stack }: { readonly stack: PolicyStack }) {
  return policyLayers.map((layer) => {
    const policies = stack.filter((entry) => entry.layer === layer);
    return (
      <section key={layer} className={styles.layer}>
        <h3>{texts.policyEditor.layers[layer]}</h3>
        {policies.length === 0 && <p className={cx(text.small, text.quiet)}>{words.noneInLayer}</p>}
        {policies.map((policy) => (
          <div key={policy.policyId} className={styles.rule}>
            <div className={styles.entryHead}>
              <span className={layout.row}>
                <a href={routeHash('policies', policy.policyId)}>{policy.policyName}</a>
                <Badge size="sm" tt="none" color={policy.mode === 'enforce' ? 'latch' : 'gray'}>
                  {policy.mode === 'enforce' ? screen.enforced : screen.observed}
                </Badge>
              </span>
              {policy.rules.some(({ rule }) => rule.type !== 'tokens') && (
                <span className={cx(text.small, text.quiet)}>{styleSays(policy)}</span>
              )}
            </div>
            <ul className={styles.lines}>
              {policy.rules.length === 0 && <li>{words.noRules}</li>}
              {policy.rules.map(({ readsAs, shadowedBy }) => (
                <li key={readsAs}>
                  <span className={cx(shadowedBy !== undefined && styles.shadowed)}>
                    {texts.grammar.capital(readsAs)}
                  </span>
                  {shadowedBy !== undefined && (
                    <div className={styles.warning}>{words.shadowed(shadowedBy)}</div>
                  )}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </section>
    );
  });
}
