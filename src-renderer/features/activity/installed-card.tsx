import type { ReactNode } from 'react';
import { IconPackage } from '@tabler/icons-react';
import type { EnvironmentId, TeamId, TokenId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { isPeriod, momentsOf } from '../../state/activity-question.ts';
import { usePaged } from '../../state/use-paged.ts';
import { ExportMenu, rowsSource } from '../lists/export-menu.tsx';
import { allPages } from './all-pages.ts';
import { fileKey, fileName, installedColumns, installedInFile } from './installed-columns.tsx';
import { PagedCard } from './paged-card.tsx';

const words = texts.activity;

type Where =
  { readonly environmentId: EnvironmentId } | { readonly teamId: TeamId } | { readonly tokenId: TokenId };

/** What a team, an environment or a token installed in a period, and the same as a file. */
export function InstalledCard(props: {
  readonly where: Where;
  readonly period: DayPeriod;
  /** Of the file. */
  readonly name: string;
  readonly tools?: ReactNode;
}) {
  const { where, period } = props;
  const read = (page: { readonly limit?: number; readonly cursor?: string }) =>
    api.log.installed({ where, ...momentsOf(period), ...page });
  const pages = usePaged(isPeriod(period) ? JSON.stringify([where, period]) : undefined, read, {
    causes: ['usage'],
  });
  const rows = pages.value?.files;
  return (
    <PagedCard
      title={words.installed.title}
      pages={pages}
      rows={rows}
      columns={installedColumns}
      rowId={fileKey}
      rowName={fileName}
      empty={{
        icon: <IconPackage size={24} />,
        title: words.installed.none,
        text: words.installed.noneText,
      }}
      tools={props.tools}
      beside={
        <ExportMenu
          file={{
            name: props.name,
            source: async () => rowsSource(installedInFile, await allPages(read, ({ files }) => files)),
          }}
          many={words.installed.many}
          total={rows?.length ?? 0}
          hint={words.saved.whole(words.installed.many)}
        />
      }
    />
  );
}
