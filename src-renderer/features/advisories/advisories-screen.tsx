import { useMemo, useState } from 'react';
import { Button, CloseButton, Group, SegmentedControl } from '@mantine/core';
import { IconFileExport, IconFileImport, IconShieldCheck, IconShieldExclamation } from '@tabler/icons-react';
import type { AdvisoryRow } from '../../../shared/contract/curation-views.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { ecosystem as ecosystems } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { hashTo, navigate, useRoute } from '../../state/route.ts';
import type { TableQuery } from '../../state/table-query.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, Page } from '../../ui/page.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import table from '../../ui/table/table.module.css';
import text from '../../ui/text.module.css';
import { ExportTextDialog } from '../lists/export-text-dialog.tsx';
import { rowsSource } from '../lists/export-menu.tsx';
import { TableCard } from '../lists/table-card.tsx';
import { useListState, useWholeList } from '../lists/use-list.ts';
import { AdvisoryDrawer } from './advisory-drawer.tsx';
import { advisoryColumns, advisoryKey } from './advisory-columns.tsx';
import { AssessDialog } from './assess-dialog.tsx';
import { useOpenAdvisory } from './open-advisory.ts';
import { rowId } from './row-id.ts';
import { VexImportDialog } from './vex-import-dialog.tsx';

const words = texts.curation.advisories;
/** As many as the contract gives at once; a search finds the others. */
const most = 500;
/** As many rows as the contract takes for a file. */
const mostInFile = 10_000;
const typingMs = 200;
const kinds = ecosystems.options.map((id) => ({ id, name: texts.packagesScreen.ecosystems[id] }));

/** What an address asks main for. Open ones are what one comes for, so they are shown unless all are asked for. */
function questionOf({ search, filters }: TableQuery) {
  const [only, ...more] = filters['ecosystem'] ?? [];
  const of = ecosystems.safeParse(only);
  return {
    text: search,
    open: filters['show']?.[0] !== 'all',
    inUse: filters['show']?.[0] === 'in-use',
    ...(of.success && more.length === 0 ? { ecosystem: of.data } : {}),
    offset: 0,
    limit: most,
  };
}

/** Main has searched already: what it gives is shown as it is. */
const everything: TableQuery = { search: '', sort: undefined, filters: {} };

/** The queue of advisories: look, assess one or several. */
export function AdvisoriesScreen() {
  const state = useListState('advisories');
  const open = useRoute((route) => route.open);
  const question = useMemo(() => questionOf(state.query), [state.query]);
  const { value, isStale, problem, retry } = useAnswer(
    JSON.stringify(question),
    () => api.curation.advisories(question),
    { causes: ['curation'], delayMs: restOf(state.query.search) },
  );
  const entries = useMemo(() => value?.rows ?? [], [value]);
  const list = { ...state, query: { ...everything, sort: state.query.sort } };
  const { model, rows } = useWholeList(list, advisoryColumns, entries);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [assessing, setAssessing] = useState<readonly AdvisoryRow[]>();
  const selected = entries.filter((row) => picked.has(advisoryKey(row)));
  const pick = (keys: readonly string[], on: boolean) =>
    setPicked((before) => {
      const next = new Set(before);
      for (const key of keys) {
        if (on) next.add(key);
        else next.delete(key);
      }
      return next;
    });
  const opened = useOpenAdvisory(open, value?.rows);
  const isQueue = question.open;
  const [vex, setVex] = useState<'import' | 'export'>();
  return (
    <Page
      title={words.title}
      lead={words.lead}
      fill
      action={
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconFileImport size={17} aria-hidden="true" />}
            onClick={() => setVex('import')}
          >
            {texts.vex.import}
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileExport size={17} aria-hidden="true" />}
            onClick={() => setVex('export')}
          >
            {texts.vex.export}
          </Button>
        </Group>
      }
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      <TableCard<AdvisoryRow>
        state={state}
        model={model}
        label={words.title}
        many={words.many}
        search={words.search}
        {...(value === undefined ? {} : { total: value.total })}
        isLoading={value === undefined && problem === undefined}
        rows={rows}
        rowId={advisoryKey}
        rowName={({ id, name }) => `${id}, ${name}`}
        openerText={({ id }) => id}
        href={(row) => hashTo('advisories', rowId(row))}
        selection={{
          isSelected: (row) => picked.has(advisoryKey(row)),
          onSelect: (index, on) => {
            const row = rows.at(index);
            if (row !== undefined) pick([advisoryKey(row)], on);
          },
          page: selected.length === 0 ? 'none' : selected.length === entries.length ? 'all' : 'some',
          pageLabel: texts.tables.selectAll(entries.length, words.many),
          onSelectPage: (on) => pick(entries.map(advisoryKey), on),
        }}
        {...(selected.length === 0
          ? {}
          : {
              selectionBar: (
                <div
                  className={table.toolbar}
                  role="toolbar"
                  aria-label={texts.tables.selectedRows(words.many)}
                >
                  <CloseButton
                    aria-label={texts.tables.clearSelection}
                    onClick={() => setPicked(new Set())}
                  />
                  <strong role="status">{texts.tables.selected(selected.length)}</strong>
                  <div className={table.end}>
                    <Button size="xs" onClick={() => setAssessing(selected)}>
                      {words.assess}
                    </Button>
                  </div>
                </div>
              ),
            })}
        filters={
          <>
            <SegmentedControl
              size="xs"
              aria-label={words.show}
              value={question.inUse ? 'in-use' : isQueue ? 'open' : 'all'}
              onChange={(show) => state.setFilter('show', show === 'open' ? [] : [show])}
              data={[
                { value: 'in-use', label: words.onlyInUse },
                { value: 'open', label: words.onlyOpen },
                { value: 'all', label: words.all },
              ]}
            />
            <FilterSelect
              label={words.ecosystem}
              entries={kinds}
              value={state.query.filters['ecosystem'] ?? []}
              onChange={(values) => state.setFilter('ecosystem', values)}
            />
          </>
        }
        file={{
          name: 'advisories',
          source: async () => rowsSource(model.columns, await allOf(question, model.rows)),
        }}
        empty={<Nothing isQueue={isQueue} onAll={() => state.setFilter('show', ['all'])} />}
        {...(question.inUse && question.text === '' && question.ecosystem === undefined
          ? {
              emptyByFilter: (
                <NothingInUse
                  knowsUse={value?.knowsUse === true}
                  onOpen={() => state.setFilter('show', [])}
                />
              ),
            }
          : {})}
      />
      {value !== undefined && !isStale && value.total > entries.length && (
        <p className={text.quiet}>{words.pages(formatCount(entries.length), formatCount(value.total))}</p>
      )}
      {open !== undefined && value !== undefined && (
        <AdvisoryDrawer
          key={open}
          row={opened}
          onAssess={(row) => setAssessing([row])}
          onClose={() => navigate('advisories')}
        />
      )}
      {vex === 'import' && <VexImportDialog onClose={() => setVex(undefined)} />}
      {vex === 'export' && (
        <ExportTextDialog
          title={texts.vex.exportTitle}
          hint={texts.vex.exportHint}
          empty={texts.vex.exportEmpty}
          read={() => api.curation.exportVex()}
          document="openvex"
          onClose={() => setVex(undefined)}
        />
      )}
      {assessing !== undefined && (
        <AssessDialog
          rows={assessing}
          onDone={() => setPicked(new Set())}
          onClose={() => setAssessing(undefined)}
        />
      )}
    </Page>
  );
}

/**
 * All that match, also those that are not shown. As many as a file of rows holds.
 * @param shown in the order in which they are shown: the same where they are all
 */
async function allOf(
  question: ReturnType<typeof questionOf>,
  shown: readonly AdvisoryRow[],
): Promise<readonly AdvisoryRow[]> {
  const rows: AdvisoryRow[] = [];
  for (let total = 1; rows.length < total;) {
    const page = await api.curation.advisories({ ...question, offset: rows.length });
    if (page.total <= shown.length) return shown;
    if (page.total > mostInFile) throw new LatchkeyError('INVALID_INPUT', words.tooManyForFile(mostInFile));
    total = page.rows.length === 0 ? rows.length : page.total;
    rows.push(...page.rows);
  }
  return rows;
}

/** Typing rests; a look at another filter does not. */
const restOf = (search: string): number => (search === '' ? 0 : typingMs);

/** What is in use is what was asked for, as far as that is remembered. */
function NothingInUse(props: { readonly knowsUse: boolean; readonly onOpen: () => void }) {
  return (
    <EmptyState
      icon={<IconShieldCheck size={24} />}
      title={props.knowsUse ? words.noneInUse : words.noUse}
      text={props.knowsUse ? words.noneInUseText : words.noUseText}
      action={
        <Button variant="default" onClick={props.onOpen}>
          {words.showOpen}
        </Button>
      }
    />
  );
}

function Nothing(props: { readonly isQueue: boolean; readonly onAll: () => void }) {
  const { value } = useAnswer('feeds', () => api.curation.facts(), { causes: ['curation'] });
  const hasFacts = (value?.counts ?? []).some(({ advisories }) => advisories > 0);
  return props.isQueue && hasFacts ? (
    <EmptyState
      icon={<IconShieldCheck size={24} />}
      title={words.noneOpen}
      text={words.noneOpenText}
      action={
        <Button variant="default" onClick={props.onAll}>
          {words.all}
        </Button>
      }
    />
  ) : (
    <EmptyState
      icon={<IconShieldExclamation size={24} />}
      title={words.empty}
      text={words.emptyText}
      action={<Button onClick={() => navigate('facts', 'new')}>{words.addFeed}</Button>}
    />
  );
}
