import { replaceQuery } from '../../state/route.ts';
import styles from './activity.module.css';

/** Which part of a screen is shown; each has an address of its own. */
export function ViewLinks<V extends string>(props: {
  readonly label: string;
  readonly views: Readonly<Record<V, string>>;
  readonly shown: V;
  readonly queryOf: (view: V) => string;
  readonly hashOf: (query: string) => string;
}) {
  return (
    <nav className={styles.views} aria-label={props.label}>
      {(Object.entries(props.views) as [V, string][]).map(([view, name]) => (
        <a
          key={view}
          href={props.hashOf(props.queryOf(view))}
          aria-current={view === props.shown ? 'true' : undefined}
          onClick={(event) => {
            // Another look at the same page is no step of the way back.
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            replaceQuery(props.queryOf(view));
          }}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}
