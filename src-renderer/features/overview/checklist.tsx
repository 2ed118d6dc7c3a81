import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Screen } from '../../state/route.ts';
import { navigate } from '../../state/route.ts';
import styles from './checklist.module.css';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.overview.checklist;

type Step = {
  readonly title: string;
  readonly text: string;
  readonly done: boolean;
  readonly action?: { readonly label: string; readonly screen: Screen };
};

/** The way from an empty vault to the first install, shown until there is a token. */
export function Checklist(props: {
  readonly teams: number;
  readonly channels: number;
  readonly tokens: number;
}) {
  const steps: readonly Step[] = [
    {
      title: words.createATeam,
      text: words.theGroupOfPeople,
      done: props.teams > 0,
      action: { label: words.newTeam, screen: 'teams' },
    },
    {
      title: words.addAChannel,
      text: words.aCondaChannelOr,
      done: props.channels > 0,
      action: { label: words.newChannel, screen: 'channels' },
    },
    {
      title: words.issueAToken,
      text: words.forOneHolderOne,
      done: props.tokens > 0,
      action: { label: words.issueToken, screen: 'tokens' },
    },
    {
      title: words.handOverTheConfig,
      text: words.shownBesideTheNew,
      done: false,
    },
  ];
  const next = steps.findIndex((step) => !step.done);
  return (
    <section className={card.card} aria-labelledby="getting-started">
      <header className={card.head}>
        <h2 id="getting-started">{words.gettingStarted}</h2>
        <span className={cx(text.small, text.quiet)}>
          {steps.filter((step) => step.done).length}
          {words.ofWord}
          {steps.length}
          {words.done}
        </span>
      </header>
      <ol className={styles.list}>
        {steps.map((step, index) => (
          <li key={step.title}>
            <span className={styles.step} data-done={step.done || undefined}>
              {step.done ? <IconCheck size={15} role="img" aria-label={words.done2} /> : index + 1}
            </span>
            <div className={cx(text.twoLines, styles.text)}>
              <span className={text.strong}>{step.title}</span>
              <span>{step.text}</span>
            </div>
            {step.action && index === next && (
              <Button size="xs" onClick={() => step.action && navigate(step.action.screen, 'new')}>
                {step.action.label}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
