import type { PolicyVersionView } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import text from '../../ui/text.module.css';
import styles from './policies.module.css';

const words = texts.policyEditor.history;
type Change = PolicyVersionView['changes'][number];

/** What differs, a line each; the mark is said too. */
export function ChangeLines({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <ul className={styles.changes}>
      {changes.map(({ kind, text: line }) => (
        <li key={`${kind} ${line}`} data-kind={kind}>
          <span aria-hidden="true">{words.marks[kind]}</span>
          <span>
            <span className={text.hidden}>{words.said[kind]}</span>
            {line}
          </span>
        </li>
      ))}
    </ul>
  );
}

const kinds: Readonly<Record<string, Change['kind']>> = { '+': 'added', '-': 'removed', '~': 'changed' };

/** A line of a plan, which begins with its mark. */
export const changeOf = (line: string): Change => ({
  kind: kinds[line.slice(0, 1)] ?? 'changed',
  text: line.slice(2),
});
