import type { RenderedExport } from '../../../shared/contract/export-views.ts';

/** What a format was tried with, and where the token turns up beside its files. */
export function ExportFacts(props: { readonly rendered: RenderedExport }) {
  const { tried, leaks, files } = props.rendered;
  const places = (how: 'stored' | 'printed') =>
    leaks.filter((leak) => leak.how === how).map((leak) => leak.where);
  const holders = files.filter((file) => file.containsSecret).map((file) => file.name);
  const stored = places('stored');
  const printed = places('printed');
  return (
    <dl className="lk-facts lk-small lk-export-facts" aria-label="About this format">
      <dt>Tried with</dt>
      <dd>
        {typeof tried === 'string'
          ? 'Not run: parsed by its documented rules'
          : tried.map(({ client, version }) => `${client} ${version}`).join(', ')}
      </dd>
      {holders.length > 0 && (
        <>
          <dt>Token in</dt>
          <dd className="lk-mono">{holders.join(', ')}</dd>
        </>
      )}
      <dt>Also stored in</dt>
      <dd className={stored.length > 0 ? 'lk-mono' : undefined}>
        {stored.length > 0 ? stored.join(', ') : 'nothing else'}
      </dd>
      <dt>Printed by</dt>
      <dd className={printed.length > 0 ? 'lk-mono' : undefined}>
        {printed.length > 0 ? printed.join(', ') : 'nothing'}
      </dd>
    </dl>
  );
}
