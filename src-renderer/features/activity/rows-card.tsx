import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button } from '@mantine/core';
import { IconEye, IconEyeOff, IconHistory } from '@tabler/icons-react';
import type { ChannelId, EnvironmentId, TeamId, TokenId } from '../../../shared/model/ids.ts';
import type { LoggedFileQuery } from '../../../shared/model/logged-file.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { isPeriod, momentsOf } from '../../state/activity-question.ts';
import { usePaged } from '../../state/use-paged.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ExportMenu, rowsSource } from '../lists/export-menu.tsx';
import styles from './activity.module.css';
import { allPages } from './all-pages.ts';
import { PagedCard } from './paged-card.tsx';
import { rowColumns, rowKey, rowTime } from './row-columns.tsx';

const words = texts.activity;
const icon = { size: 15, 'aria-hidden': true } as const;

/** Rows of one token, of a team, of an environment (of everybody where none is named), and which of them. */
export type WhichRows = {
  readonly tokenId?: TokenId;
  readonly teamId?: TeamId;
  readonly environmentId?: EnvironmentId;
  readonly channelId?: ChannelId;
  readonly kind?: 'download' | 'cut' | 'refusal';
  readonly file?: LoggedFileQuery;
  readonly policyName?: string;
};

/** Downloads and refusals, newest first. What is sealed is opened by a click of an admin, and gone when the page is left. */
export function RowsCard(props: {
  readonly title: string;
  readonly which: WhichRows;
  readonly period: DayPeriod;
  readonly tools: ReactNode;
  readonly empty: { readonly title: string; readonly text: string };
}) {
  const { which, period } = props;
  const [isOpen, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const whyNot = useWhyNot('log.setRetention');
  const read = (page: { readonly limit?: number; readonly cursor?: string }) =>
    api.log.rows({
      ...which,
      ...momentsOf(period),
      open: isOpen,
      ...page,
    });
  const question = isPeriod(period) ? JSON.stringify([which, period, isOpen]) : undefined;
  const pages = usePaged(question, read, { causes: ['usage'] });
  const rows = pages.value?.rows;
  const columns = rowColumns({ withWho: which.tokenId === undefined, isOpen: isOpen && !pages.isStale });
  const unopened = pages.value?.unopened ?? 0;
  return (
    <>
      <PagedCard
        title={props.title}
        pages={pages}
        rows={rows}
        columns={columns}
        tools={props.tools}
        rowId={rowKey}
        rowName={rowTime}
        inTime
        empty={{ icon: <IconHistory size={24} />, ...props.empty }}
        beside={
          <div className={styles.end}>
            {isOpen ? (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconEyeOff {...icon} />}
                onClick={() => setOpen(false)}
              >
                {words.personal.close}
              </Button>
            ) : (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconEye {...icon} />}
                disabled={whyNot !== undefined}
                title={whyNot}
                onClick={() => setAsking(true)}
              >
                {words.personal.button}
              </Button>
            )}
            <ExportMenu
              file={{
                name: 'activity',
                source: async () => rowsSource(columns, await allOf(read, isOpen)),
              }}
              many={words.requests.many}
              total={rows?.length ?? 0}
              hint={words.saved.whole(words.requests.many)}
            />
          </div>
        }
        {...(isOpen
          ? {
              note: [
                words.personal.opened,
                ...(unopened > 0 ? [words.personal.unopened(unopened)] : []),
              ].join(' '),
            }
          : {})}
      />
      {asking && (
        <ConfirmDialog
          title={words.personal.title}
          confirm={words.personal.confirm}
          onConfirm={() => setOpen(true)}
          onClose={() => setAsking(false)}
        >
          <p>{which.tokenId === undefined ? words.personal.textOfAll : words.personal.text}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

type Read = (page: { readonly limit: number; readonly cursor?: string }) => ReturnType<typeof api.log.rows>;

/** Opened ones come in smaller pages: as many as the host opens at once. */
const allOf = (read: Read, isOpen: boolean) =>
  allPages(
    (page) => read(isOpen ? { ...page, limit: 200 } : page),
    ({ rows }) => rows,
  );
