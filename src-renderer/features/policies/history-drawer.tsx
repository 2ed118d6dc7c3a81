import { Badge, Skeleton } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import type { PolicyVersionView, PolicyView } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { SubmitButton } from '../../ui/form/submit-button.tsx';
import { exactTime } from '../../ui/format.ts';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';
import text from '../../ui/text.module.css';
import { useSubmit } from '../../ui/use-submit.ts';
import { ChangeLines } from './change-lines.tsx';
import styles from './policies.module.css';

const words = texts.policyEditor.history;

/** Every version of a policy with what it changed; one click makes an earlier one the newest. */
export function HistoryDrawer(props: { readonly policy: PolicyView; readonly onClose: () => void }) {
  const { policy } = props;
  const { value, problem, retry } = useAnswer(policy.id, () => api.policies.history({ id: policy.id }), {
    causes: ['policies', 'teams', 'environments', 'channels'],
  });
  return (
    <Overlay kind="drawer" size="lg" closesBeside onClose={props.onClose} title={words.title(policy.name)}>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value === undefined && problem === undefined && <Skeleton height={120} aria-busy="true" />}
      <ol className={styles.entries}>
        {value?.map((version, index) => (
          <Version key={version.version} version={version} isCurrent={index === 0} policy={policy} />
        ))}
      </ol>
    </Overlay>
  );
}

function Version(props: {
  readonly version: PolicyVersionView;
  readonly isCurrent: boolean;
  readonly policy: PolicyView;
}) {
  const { version: entry, policy } = props;
  const whyNot = useWhyNot('policies.rollback');
  const { busy, error, submit } = useSubmit(
    async () => {
      const now = await api.policies.rollback({ id: policy.id, version: entry.version });
      tellSuccess(words.done(now.name, entry.version, now.version));
    },
    () => undefined,
  );
  return (
    <li className={styles.entry}>
      <div className={styles.entryHead}>
        <strong>{words.version(entry.version)}</strong>
        <span className={cx(text.small, text.quiet)}>
          {exactTime(entry.atMs)} {words.by(entry.by)}
        </span>
        {props.isCurrent ? (
          <Badge size="sm" tt="none">
            {words.current}
          </Badge>
        ) : entry.policy === undefined ? (
          <Badge size="sm" tt="none" color="gray">
            {words.removed}
          </Badge>
        ) : whyNot !== undefined ? null : (
          <SubmitButton
            size="xs"
            variant="default"
            busy={busy}
            blocked={false}
            label={words.rollbackTo(entry.version)}
            leftSection={<IconArrowBackUp size={15} aria-hidden="true" />}
            onClick={() => void submit()}
          >
            {words.rollback}
          </SubmitButton>
        )}
      </div>
      {entry.policy !== undefined && <p className={text.small}>{entry.policy.readsAs}</p>}
      {entry.changes.length === 0 ? (
        <p className={cx(text.small, text.quiet)}>{entry.version === 1 ? words.first : words.same}</p>
      ) : (
        <ChangeLines changes={entry.changes} />
      )}
      {error !== undefined && <ErrorAlert error={error} />}
    </li>
  );
}
