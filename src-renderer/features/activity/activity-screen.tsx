import { texts } from '../../../shared/texts/texts.ts';
import type { ActivityQuestion } from '../../state/activity-question.ts';
import { formatActivityQuestion, parseActivityQuestion } from '../../state/activity-question.ts';
import { replaceQuery, routeHash, useRoute } from '../../state/route.ts';
import { Page } from '../../ui/page.tsx';
import { InstalledView } from './installed-view.tsx';
import { LogView } from './log-view.tsx';
import { RefusalsView } from './refusals-view.tsx';
import { RequestsView } from './requests-view.tsx';
import { TokenActivity } from './token-activity.tsx';
import { ViewLinks } from './view-links.tsx';

const words = texts.activity;
type View = keyof typeof words.views;

/** What the request log says: of a team or an environment, of refusals, of one token, and of the log itself. */
export function ActivityScreen() {
  const { open, query } = useRoute();
  const question = parseActivityQuestion(query);
  const change = (part: Partial<ActivityQuestion>) =>
    replaceQuery(formatActivityQuestion({ ...question, ...part }));
  if (open !== undefined) return <TokenActivity key={open} id={open} question={question} onChange={change} />;
  const shown: View = question.view in words.views ? (question.view as View) : 'installed';
  return (
    <Page title={words.title} lead={words.lead}>
      <ViewLinks<View>
        label={words.viewsLabel}
        views={words.views}
        shown={shown}
        queryOf={(view) => formatActivityQuestion({ ...question, view: view === 'installed' ? '' : view })}
        hashOf={(next) => routeHash('activity', undefined, next)}
      />
      {shown === 'installed' && <InstalledView question={question} onChange={change} />}
      {shown === 'requests' && <RequestsView question={question} onChange={change} />}
      {shown === 'refusals' && <RefusalsView question={question} onChange={change} />}
      {shown === 'log' && <LogView />}
    </Page>
  );
}
