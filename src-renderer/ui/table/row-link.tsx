import type { ReactNode } from 'react';
import { useRowTabIndex } from './row-tab-index.ts';
import { openerMark } from './use-row-keys.ts';

/** A link of a row that does not open a row of its own: the arrows go from one to the next. */
export function RowLink(props: { readonly href: string; readonly children: ReactNode }) {
  const tabIndex = useRowTabIndex();
  return (
    <a href={props.href} tabIndex={tabIndex} {...{ [openerMark]: '' }}>
      {props.children}
    </a>
  );
}
