import { Stack } from '@mantine/core';
import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { exactTime } from '../../ui/format.ts';
import facts from '../../ui/facts.module.css';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import text from '../../ui/text.module.css';
import { EffectBadge } from './effect-badge.tsx';
import styles from './packages.module.css';
import type { FileVerdict, VerdictRow } from './verdict-rows.ts';

const words = texts.packagesScreen;

/** Everything that policies say to one version for a team in an environment, file by file. */
export function ExplanationDrawer(props: {
  readonly explanation: PackageExplanation;
  readonly row: VerdictRow;
  readonly onClose: () => void;
}) {
  const { explanation, row } = props;
  return (
    <Overlay
      kind="drawer"
      size="lg"
      closesBeside
      onClose={props.onClose}
      title={words.explanation(explanation.name, explanation.version)}
    >
      <Stack gap="lg">
        <dl className={facts.facts}>
          <dt>{words.environment}</dt>
          <dd>{row.environmentName}</dd>
          <dt>{words.team}</dt>
          <dd>{row.teamName}</dd>
          <dt>{words.verdict}</dt>
          <dd>
            <EffectBadge effect={row.effect} />
          </dd>
          {row.nearest !== undefined && (
            <>
              <dt>{words.nearest}</dt>
              <dd>
                {row.nearest.version === explanation.version
                  ? words.thisOne
                  : (row.nearest.version ?? words.noneAllowed)}
              </dd>
            </>
          )}
        </dl>
        <section aria-labelledby="explained-files">
          <h3 id="explained-files" className={text.label}>
            {words.files}
          </h3>
          {row.files.map((file) => (
            <File key={`${file.channelName} ${file.filename}`} file={file} />
          ))}
        </section>
      </Stack>
    </Overlay>
  );
}

function File({ file }: { readonly file: FileVerdict }) {
  const { verdict } = file;
  const effect =
    verdict.effect === 'deny' ? verdict.style : verdict.reasons.length > 0 ? ('observed' as const) : 'allow';
  return (
    <div className={styles.file}>
      <div className={styles.badges}>
        <span className={text.mono}>{file.filename}</span>
        <EffectBadge effect={effect} />
      </div>
      <span className={text.quiet}>{words.inChannels(file.channelName)}</span>
      {verdict.reasons.length === 0 && <span>{words.allowedText}</span>}
      {verdict.reasons.map(({ policyName, ruleNo, mode, says }) => (
        <span key={`${policyName} ${ruleNo} ${says}`}>
          {texts.grammar.capital(mode === 'observe' ? words.observedOnly(says) : says)}{' '}
          <span className={text.quiet}>{words.rule(ruleNo + 1)}</span>
        </span>
      ))}
      {verdict.changesAtMs !== undefined && (
        <span className={text.quiet}>
          {verdict.effect === 'deny' ? words.released : words.changes} {exactTime(verdict.changesAtMs)}
        </span>
      )}
    </div>
  );
}
