import type { RefObject } from 'react';
import { useEffect, useRef, useState } from 'react';
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { PolicyProblem } from '../../../shared/contract/policy-views.ts';
import type { PolicyRuleType } from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { routeHash } from '../../state/route.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';
import styles from './policies.module.css';
import type { RuleForm } from './rule-form.ts';
import { freshRule } from './rule-form.ts';
import { RuleFields } from './rule-fields.tsx';

const words = texts.policyEditor;
const types = Object.keys(words.rules) as readonly PolicyRuleType[];
/** Of several that are one choice, the chosen one has the focus. */
const firstField = 'input:not([type=radio]), input[type=radio]:checked, textarea, select';

/** The rules of a policy, a card each, and the menu that adds one. */
export function RuleCards(props: {
  readonly rules: readonly RuleForm[];
  /** What main says about each; rules that have changed since count as unjudged. */
  readonly problems: readonly PolicyProblem[];
  /** Of a new one that nothing was chosen for yet. */
  readonly offersTemplates: boolean;
  readonly onChange: (rules: readonly RuleForm[]) => void;
}) {
  const { rules, onChange } = props;
  const [added, setAdded] = useState<string>();
  const addButton = useRef<HTMLButtonElement>(null);
  const add = (type: PolicyRuleType) => {
    const rule = freshRule(type);
    setAdded(rule.key);
    onChange([...rules, rule]);
  };
  return (
    <section aria-labelledby="policy-rules" className={styles.rules}>
      <h3 id="policy-rules" className={text.label}>
        {words.list.rules}
      </h3>
      {rules.length === 0 && (
        <p className={cx(text.small, text.quiet)}>
          {words.noRules}
          {props.offersTemplates && (
            <>
              {' '}
              <a href={routeHash('policies', 'templates')}>{words.list.template}</a>
            </>
          )}
        </p>
      )}
      {rules.map((form, index) => (
        <RuleCard
          key={form.key}
          no={index + 1}
          form={form}
          isAdded={form.key === added}
          problems={props.problems.filter(({ ruleNo }) => ruleNo === index)}
          onChange={(next) => onChange(rules.map((entry, at) => (at === index ? next : entry)))}
          onRemove={() => {
            onChange(rules.filter((_, at) => at !== index));
            addButton.current?.focus();
          }}
        />
      ))}
      <div>
        <AddRule button={addButton} onAdd={add} />
      </div>
    </section>
  );
}

function RuleCard(props: {
  readonly no: number;
  readonly form: RuleForm;
  /** It was just added: what it asks for comes next. */
  readonly isAdded: boolean;
  readonly problems: readonly PolicyProblem[];
  readonly onChange: (form: RuleForm) => void;
  readonly onRemove: () => void;
}) {
  const { name, says } = words.rules[props.form.type];
  const card = useRef<HTMLFieldSetElement>(null);
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!props.isAdded) return;
    fields.current?.querySelector<HTMLElement>(firstField)?.focus({ preventScroll: true });
    // Newer browsers answer with a promise, which is no cleanup.
    card.current?.scrollIntoView?.({ block: 'nearest' });
  }, [props.isAdded]);
  return (
    <fieldset className={styles.rule} ref={card}>
      <legend className={text.hidden}>{words.ruleTitle(props.no, name)}</legend>
      <div className={styles.ruleHead}>
        <div className={text.twoLines}>
          <strong aria-hidden="true">{words.ruleTitle(props.no, name)}</strong>
          <span>{says}</span>
        </div>
        <Tooltip label={words.removeRule(name)}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.removeRule(`${props.no}, ${name}`)}
            onClick={props.onRemove}
          >
            <IconTrash size={17} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </div>
      <div ref={fields}>
        <RuleFields form={props.form} onChange={props.onChange} />
      </div>
      <ProblemList problems={props.problems} />
    </fieldset>
  );
}

/** What is wrong, or noteworthy. */
export function ProblemList({ problems }: { readonly problems: readonly PolicyProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.text}`} className={cx(styles.problem)} data-level={problem.level}>
          {words.problem(problem)}
        </li>
      ))}
    </ul>
  );
}

/** Between a menu and the window's edge, in pixels. */
const menuGap = 8;

function AddRule(props: {
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly onAdd: (type: PolicyRuleType) => void;
}) {
  const { button, onAdd } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Menu
      position="bottom-start"
      shadow="md"
      withinPortal
      width="var(--lk-menu-width)"
      opened={isOpen}
      onChange={setOpen}
      // What is added gets the focus; otherwise it stays with the button.
      returnFocus={false}
      onDismiss={() => button.current?.focus()}
      // The form may grow under it.
      hideDetached={false}
      // Twelve rules are more than fit below or above a button in the middle: it gets what room there is, and scrolls.
      middlewares={{ flip: true, shift: true, size: { padding: menuGap } }}
    >
      <Menu.Target>
        <Button
          ref={button}
          variant="default"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden="true" />}
        >
          {words.addRule}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={cx(styles.menu)}>
        {types.map((type) => (
          <Menu.Item key={type} onClick={() => onAdd(type)}>
            <span className={text.twoLines}>
              <span>{words.rules[type].name}</span>
              <span>{words.rules[type].says}</span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
