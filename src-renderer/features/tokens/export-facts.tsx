import { cx } from '../../ui/cx.ts';
import type { RenderedExport } from '../../../shared/contract/export-views.ts';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';

/** What a format was tried with, and where the token turns up beside its files. */
export function ExportFacts(props: { readonly rendered: RenderedExport }) {
  const { tried, leaks, files } = props.rendered;
  const places = (how: 'stored' | 'printed') =>
    leaks.filter((leak) => leak.how === how).map((leak) => leak.where);
  const holders = files.filter((file) => file.containsSecret).map((file) => file.name);
  const stored = places('stored');
  const printed = places('printed');
  return (
    <dl className={cx(facts.facts, facts.close, text.small)} aria-label="About this format">
      <dt>Tried with</dt>
      <dd>
        {typeof tried === 'string'
          ? 'Not run: parsed by its documented rules'
          : tried.map(({ client, version }) => `${client} ${version}`).join(', ')}
      </dd>
      {holders.length > 0 && (
        <>
          <dt>Token in</dt>
          <dd className={text.mono}>{holders.join(', ')}</dd>
        </>
      )}
      <dt>Also stored in</dt>
      <dd className={stored.length > 0 ? text.mono : undefined}>
        {stored.length > 0 ? stored.join(', ') : 'nothing else'}
      </dd>
      <dt>Printed by</dt>
      <dd className={printed.length > 0 ? text.mono : undefined}>
        {printed.length > 0 ? printed.join(', ') : 'nothing'}
      </dd>
    </dl>
  );
}
