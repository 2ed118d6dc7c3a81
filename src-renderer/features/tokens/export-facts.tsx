import { cx } from '../../ui/cx.ts';
import type { RenderedExport } from '../../../shared/contract/export-views.ts';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.exportFacts;

/** What a format was tried with, and where the token turns up beside its files. */
export function ExportFacts(props: { readonly rendered: RenderedExport }) {
  const { tried, leaks, files } = props.rendered;
  const places = (how: 'stored' | 'printed') =>
    leaks.filter((leak) => leak.how === how).map((leak) => leak.where);
  const holders = files.filter((file) => file.containsSecret).map((file) => file.name);
  const stored = places('stored');
  const printed = places('printed');
  return (
    <dl className={cx(facts.facts, facts.close, text.small)} aria-label={words.aboutThisFormat}>
      <dt>{words.triedWith}</dt>
      <dd>
        {typeof tried === 'string'
          ? words.notRunParsedBy
          : tried.map(({ client, version }) => `${client} ${version}`).join(', ')}
      </dd>
      {holders.length > 0 && (
        <>
          <dt>{words.tokenIn}</dt>
          <dd className={text.mono}>{holders.join(', ')}</dd>
        </>
      )}
      <dt>{words.alsoStoredIn}</dt>
      <dd className={stored.length > 0 ? text.mono : undefined}>
        {stored.length > 0 ? stored.join(', ') : words.nothingElse}
      </dd>
      <dt>{words.printedBy}</dt>
      <dd className={printed.length > 0 ? text.mono : undefined}>
        {printed.length > 0 ? printed.join(', ') : words.nothing}
      </dd>
    </dl>
  );
}
