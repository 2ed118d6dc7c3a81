import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button } from '@mantine/core';
import { IconEye, IconEyeOff, IconHistory } from '@tabler/icons-react';
import type { TokenId } from '../../../shared/model/ids.ts';
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

/** Downloads and refusals with a token, newest first. What is sealed is opened by a click of an admin, and gone when the page is left. */
export function RowsCard(props: {
  readonly tokenId: TokenId;
  readonly period: DayPeriod;
  readonly onlyRefusals: boolean;
  readonly tools: ReactNode;
}) {
  const { tokenId, period, onlyRefusals } = props;
  const [isOpen, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const whyNot = useWhyNot('log.setRetention');
  const of = words.ofToken;
  const read = (page: { readonly limit?: number; readonly cursor?: string }) =>
    api.log.rows({
      tokenId,
      ...momentsOf(period),
      ...(onlyRefusals ? { kind: 'refusal' as const } : {}),
      open: isOpen,
      ...page,
    });
  const question = isPeriod(period) ? JSON.stringify([tokenId, period, onlyRefusals, isOpen]) : undefined;
  const pages = usePaged(question, read, { causes: ['usage'] });
  const rows = pages.value?.rows;
  const columns = rowColumns(isOpen && !pages.isStale);
  const unopened = pages.value?.unopened ?? 0;
  return (
    <>
      <PagedCard
        title={onlyRefusals ? of.views.refusals : of.views.requests}
        pages={pages}
        rows={rows}
        columns={columns}
        tools={props.tools}
        rowId={rowKey}
        rowName={rowTime}
        inTime
        empty={{
          icon: <IconHistory size={24} />,
          title: onlyRefusals ? of.noRefusals : of.noRequests,
          text: onlyRefusals ? of.noRefusalsText : of.noRequestsText,
        }}
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
              many={of.requests}
              total={rows?.length ?? 0}
              hint={words.saved.whole(of.requests)}
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
          <p>{words.personal.text}</p>
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
