import type { ReactNode } from 'react';
import { IconDevices } from '@tabler/icons-react';
import type { TokenId } from '../../../shared/model/ids.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { DayPeriod } from '../../state/activity-question.ts';
import { isPeriod, momentsOf } from '../../state/activity-question.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { formatCount } from '../../ui/format.ts';
import { When } from '../../ui/relative-time.tsx';
import type { Column } from '../../ui/table/column.ts';
import text from '../../ui/text.module.css';
import type { ClientUse } from './clients.ts';
import { clientsOf } from './clients.ts';
import { PagedCard } from './paged-card.tsx';

const words = texts.activity;
/** As many as the contract gives at once. */
const mostRows = 1000;
const wide = (value: string) => <span className={text.wrap}>{value || words.sealed}</span>;

const columns: readonly Column<ClientUse>[] = [
  {
    id: 'client',
    title: words.client,
    priority: 0,
    width: 10,
    grow: 2,
    value: ({ client }) => client,
    cell: (_client, opener) => opener,
  },
  {
    id: 'project',
    title: words.ciProject,
    priority: 3,
    width: 9,
    grow: 1.5,
    value: ({ ciProject }) => ciProject,
    cell: ({ ciProject }) => wide(ciProject),
  },
  {
    id: 'job',
    title: words.ciJob,
    priority: 4,
    width: 9,
    grow: 1.5,
    value: ({ ciJob }) => ciJob,
    cell: ({ ciJob }) => wide(ciJob),
  },
  {
    id: 'last',
    title: words.last,
    priority: 1,
    width: 7.5,
    grow: 0.4,
    value: ({ lastMs }) => lastMs,
    cell: ({ lastMs }) => <When atMs={lastMs} />,
  },
  {
    id: 'requests',
    title: words.ofToken.views.requests,
    priority: 2,
    width: 6,
    grow: 0.3,
    isNumber: true,
    value: ({ requests }) => requests,
    cell: ({ requests }) => formatCount(requests),
  },
  {
    id: 'refused',
    title: words.kinds.refusal,
    priority: 5,
    width: 5,
    grow: 0.3,
    isNumber: true,
    value: ({ refused }) => refused,
    cell: ({ refused }) => formatCount(refused),
  },
];

/** Which programs used a token, and for which jobs; of the latest rows of the period. */
export function ClientsCard(props: {
  readonly tokenId: TokenId;
  readonly period: DayPeriod;
  readonly tools: ReactNode;
}) {
  const { tokenId, period } = props;
  const answer = useAnswer(
    isPeriod(period) ? JSON.stringify([tokenId, period]) : undefined,
    async () => {
      const page = await api.log.rows({ tokenId, ...momentsOf(period), limit: mostRows });
      return { clients: clientsOf(page.rows), isPart: page.next !== undefined };
    },
    { causes: ['usage'] },
  );
  return (
    <PagedCard
      title={words.ofToken.views.clients}
      pages={{ ...answer, page: 1, onBack: undefined, onNext: undefined }}
      rows={answer.value?.clients}
      columns={columns}
      tools={props.tools}
      rowId={({ client, ciProject, ciJob }) => [client, ciProject, ciJob].join(' ')}
      rowName={({ client }) => client || words.sealed}
      empty={{
        icon: <IconDevices size={24} />,
        title: words.ofToken.noClients,
        text: words.ofToken.noClientsText,
      }}
      {...(answer.value?.isPart === true ? { note: words.ofToken.clientsOf(mostRows) } : {})}
    />
  );
}
