import type { TokenView } from '../../../shared/contract/token-views.ts';
import { requestSubject } from '../../../shared/model/request-subject.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';
import { useGateway } from '../../state/gateway.ts';
import { routeHash } from '../../state/route.ts';
import facts from '../../ui/facts.module.css';
import { clockTime } from '../../ui/format.ts';
import text from '../../ui/text.module.css';

const words = texts.tokenPage;
const listed = 5;

/** Where a token leads to, and what it was used for lately. */
export function WhereUsed({ token }: { readonly token: TokenView }) {
  const channels = useDirectory((state) => state.channels);
  const recent = useGateway((state) => state.gateway?.recent) ?? [];
  const own = recent.filter(({ tokenId }) => tokenId === token.id);
  const reached = channels.filter(({ id }) => token.channelIds.includes(id));
  return (
    <section aria-labelledby="token-where">
      <h2 id="token-where" className={text.label}>
        {words.where}
      </h2>
      <dl className={facts.facts}>
        {reached.map((channel) => (
          <div key={channel.id} className={facts.pair}>
            <dt>
              <a href={routeHash('channels', channel.id)}>{channel.name}</a>
            </dt>
            <dd className={text.mono}>{channel.gatewayUrl ?? words.noAddress}</dd>
          </div>
        ))}
        {own.slice(0, listed).map((request, at) => {
          const { name, version, file } = requestSubject(request.path);
          return (
            <div key={`${request.atMs} ${at}`} className={facts.pair}>
              <dt>{clockTime(request.atMs)}</dt>
              <dd>
                {texts.requests.outcomes[request.outcome]} ·{' '}
                {name === undefined ? (file ?? request.path) : [name, version].filter(Boolean).join(' ')} ·{' '}
                {request.client}
              </dd>
            </div>
          );
        })}
      </dl>
      {own.length > 0 && (
        <a href={routeHash('gateway', undefined, `token=${token.id}`)}>{words.allRequests(own.length)}</a>
      )}
    </section>
  );
}
