import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Screen } from '../../state/route.ts';
import { navigate } from '../../state/route.ts';
import styles from './checklist.module.css';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';

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
      title: 'Create a team',
      text: 'The group of people or machines that will install packages.',
      done: props.teams > 0,
      action: { label: 'New team', screen: 'teams' },
    },
    {
      title: 'Add a channel',
      text: 'A conda channel or Python index: a URL, or a folder on this computer.',
      done: props.channels > 0,
      action: { label: 'New channel', screen: 'channels' },
    },
    {
      title: 'Issue a token',
      text: 'For one holder, one environment and the channels you choose.',
      done: props.tokens > 0,
      action: { label: 'Issue token', screen: 'tokens' },
    },
    {
      title: 'Hand over the config',
      text: 'Shown beside the new token, ready-made for conda, pip, uv and pixi.',
      done: false,
    },
  ];
  const next = steps.findIndex((step) => !step.done);
  return (
    <section className={card.card} aria-labelledby="getting-started">
      <header className={card.head}>
        <h2 id="getting-started">Getting started</h2>
        <span className={cx(text.small, text.quiet)}>
          {steps.filter((step) => step.done).length} of {steps.length} done
        </span>
      </header>
      <ol className={styles.list}>
        {steps.map((step, index) => (
          <li key={step.title}>
            <span className={styles.step} data-done={step.done || undefined}>
              {step.done ? <IconCheck size={15} role="img" aria-label="Done" /> : index + 1}
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
