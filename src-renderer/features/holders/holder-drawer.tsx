import { useState } from 'react';
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { LatchkeyError } from '../../../shared/errors.ts';
import { holderId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { routeHash } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { exactTime } from '../../ui/format.ts';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import type { Column } from '../../ui/table/column.ts';
import { DataTable } from '../../ui/table/data-table.tsx';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import { endColumn, stateColumn } from '../lists/columns.tsx';
import { RenameHolderDialog } from '../tokens/rename-holder-dialog.tsx';
import styles from './holders.module.css';

const words = texts.holders;
const listed = 200;

const columns: readonly Column<TokenView>[] = [
  {
    id: 'id',
    title: texts.requests.token,
    priority: 0,
    width: 7,
    value: ({ id }) => id,
    cell: (_token, opener) => <span className={text.mono}>{opener}</span>,
  },
  {
    id: 'environment',
    title: texts.tokenTable.environment,
    priority: 2,
    width: 8,
    value: ({ environmentName }) => environmentName,
    cell: ({ teamName, environmentName }) => `${teamName} · ${environmentName}`,
  },
  stateColumn({ title: texts.tokenTable.state, priority: 1, width: 6.5 }),
  endColumn({ title: texts.tokenTable.expires, priority: 3, width: 6.5 }),
];

/** One holder: name and note, and the tokens that it has. */
export function HolderDrawer(props: { readonly id: string; readonly onClose: () => void }) {
  const { value, problem, retry } = useAnswer(
    props.id,
    async () => {
      const id = holderId.safeParse(props.id);
      if (!id.success) throw new LatchkeyError('NOT_FOUND', words.bad);
      const [holder, tokens] = await Promise.all([
        api.holders.get({ id: id.data }),
        api.tokens.list({ holderIds: [id.data], limit: listed }),
      ]);
      return { holder, tokens };
    },
    { causes: ['holders', 'tokens', 'teams', 'environments'] },
  );
  const [renaming, setRenaming] = useState(false);
  const holder = value?.holder;
  return (
    <Overlay kind="drawer" closesBeside onClose={props.onClose} title={holder?.name ?? words.title}>
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value === undefined && problem === undefined && <Skeleton height={80} aria-busy="true" />}
      {value !== undefined && holder !== undefined && (
        <Stack gap="lg">
          <div>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden="true" />}
              aria-label={words.renameName(holder.name)}
              onClick={() => setRenaming(true)}
            >
              {words.rename}
            </Button>
          </div>
          <dl className={facts.facts}>
            <dt>{words.kind}</dt>
            <dd>{words.kinds[holder.kind]}</dd>
            <dt>{words.note}</dt>
            <dd>{holder.note || '–'}</dd>
            <dt>{words.created}</dt>
            <dd>{exactTime(holder.createdAtMs)}</dd>
          </dl>
          <section aria-labelledby="holder-tokens">
            <header className={styles.head}>
              <h2 id="holder-tokens">{words.itsTokens}</h2>
              {value.tokens.total > 0 && (
                <a href={routeHash('tokens', undefined, `holder=${holder.id}`)}>{words.allTokens}</a>
              )}
            </header>
            {value.tokens.total === 0 ? (
              <p className={text.quiet}>{words.noTokens}</p>
            ) : (
              <DataTable
                label={words.itsTokens}
                columns={columns}
                rows={{ total: value.tokens.rows.length, at: (index) => value.tokens.rows[index] }}
                rowId={({ id }) => id}
                rowName={({ id }) => `lk-${id}`}
                href={({ id }) => routeHash('tokens', id)}
              />
            )}
          </section>
        </Stack>
      )}
      {renaming && holder !== undefined && (
        <RenameHolderDialog holder={holder} onClose={() => setRenaming(false)} />
      )}
    </Overlay>
  );
}
