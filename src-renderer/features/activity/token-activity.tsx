import { IconArrowLeft } from '@tabler/icons-react';
import { LatchkeyError } from '../../../shared/errors.ts';
import { tokenId } from '../../../shared/model/ids.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import type { ActivityQuestion } from '../../state/activity-question.ts';
import { formatActivityQuestion } from '../../state/activity-question.ts';
import { routeHash } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import card from '../../ui/card.module.css';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Page, SkeletonRows } from '../../ui/page.tsx';
import text from '../../ui/text.module.css';
import styles from './activity.module.css';
import { ClientsCard } from './clients-card.tsx';
import { IndexUseCard } from './index-use-card.tsx';
import { InstalledCard } from './installed-card.tsx';
import { PeriodField } from './period-field.tsx';
import { RecordedGate } from './recorded-gate.tsx';
import { RowsCard } from './rows-card.tsx';
import { ViewLinks } from './view-links.tsx';

const words = texts.activity;
const views = words.ofToken.views;
type View = keyof typeof views;

type Props = {
  readonly question: ActivityQuestion;
  readonly onChange: (part: Partial<ActivityQuestion>) => void;
};

/** Everything that was done with one token: requests, packages, clients, refusals. */
export function TokenActivity(props: Props & { readonly id: string }) {
  const { value, problem, retry } = useAnswer(
    props.id,
    async () => {
      const id = tokenId.safeParse(props.id);
      if (!id.success) throw new LatchkeyError('NOT_FOUND', ['tokenAddress']);
      return api.tokens.get({ id: id.data });
    },
    { causes: ['tokens', 'holders'] },
  );
  return (
    <Page
      title={value === undefined ? words.title : words.ofToken.title(value.holder.name)}
      lead={words.ofToken.lead}
    >
      {problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
      {value === undefined && problem === undefined && (
        <div className={card.card}>
          <SkeletonRows />
        </div>
      )}
      {value !== undefined && <OfToken {...props} token={value} />}
    </Page>
  );
}

function OfToken({ token, question, onChange }: Props & { readonly token: TokenView }) {
  const isPerson = token.holder.kind === 'person';
  const parts = <Views {...{ token, question, onChange }} />;
  return (
    <>
      <div className={styles.holder}>
        <a className={styles.back} href={routeHash('tokens', token.id)}>
          <IconArrowLeft size={15} aria-hidden="true" /> {words.ofToken.back}
        </a>
        <span className={text.mono}>lk-{token.id}</span>
        <span className={text.quiet}>{[token.teamName, token.environmentName].join(' · ')}</span>
      </div>
      {isPerson ? (
        <RecordedGate whose={token.id} title={words.person.title} text={words.person.text(token.holder.name)}>
          {parts}
        </RecordedGate>
      ) : (
        parts
      )}
    </>
  );
}

function Views({ token, question, onChange }: Props & { readonly token: TokenView }) {
  const shown: View = question.view in views ? (question.view as View) : 'requests';
  const of = {
    tokenId: token.id,
    period: question.period,
    tools: <PeriodField value={question.period} onChange={(period) => onChange({ period })} />,
  };
  return (
    <>
      {token.holder.kind === 'person' && (
        <p className={cx(text.quiet, text.small, styles.holder)}>{words.ofToken.recorded}</p>
      )}
      <ViewLinks<View>
        label={words.viewsLabel}
        views={views}
        shown={shown}
        queryOf={(view) => formatActivityQuestion({ ...question, view: view === 'requests' ? '' : view })}
        hashOf={(query) => routeHash('activity', token.id, query)}
      />
      <div className={styles.screen}>
        {(shown === 'requests' || shown === 'refusals') && (
          <RowsCard
            key={shown}
            title={views[shown]}
            which={{ tokenId: token.id, ...(shown === 'refusals' ? { kind: 'refusal' } : {}) }}
            period={question.period}
            tools={of.tools}
            empty={
              shown === 'refusals'
                ? { title: words.ofToken.noRefusals, text: words.ofToken.noRefusalsText }
                : { title: words.ofToken.noRequests, text: words.ofToken.noRequestsText }
            }
          />
        )}
        {shown === 'requests' && <IndexUseCard tokenId={token.id} period={question.period} />}
        {shown === 'packages' && (
          <InstalledCard
            where={{ tokenId: token.id }}
            period={question.period}
            tools={of.tools}
            name={`installed-${token.id.toLowerCase()}`}
          />
        )}
        {shown === 'clients' && <ClientsCard {...of} />}
      </div>
    </>
  );
}
