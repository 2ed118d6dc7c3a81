import type { ReactNode } from 'react';
import { Stack } from '@mantine/core';
import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import type { Reason } from '../../../shared/model/decision.ts';
import type { TokenId } from '../../../shared/model/ids.ts';
import { requestSubject } from '../../../shared/model/request-subject.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { packageHash } from '../../state/package-question.ts';
import { routeHash } from '../../state/route.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { formatBytes, formatCount, momentTime } from '../../ui/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Overlay } from '../../ui/overlay/overlay.tsx';
import facts from '../../ui/facts.module.css';
import text from '../../ui/text.module.css';
import styles from './gateway.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';

type GatewayRequest = GatewayView['recent'][number];
const words = texts.requests;

/** The whole story of one request: what was asked for, by whom with which token, what was decided and why. */
export function RequestDrawer(props: {
  readonly request: GatewayRequest | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Overlay kind="drawer" closesBeside onClose={props.onClose} title={words.one}>
      {props.request === undefined ? <p>{words.gone}</p> : <Story request={props.request} />}
    </Overlay>
  );
}

function Story({ request }: { readonly request: GatewayRequest }) {
  const { name, version, file } = requestSubject(request.path);
  const { decisionId } = request;
  const entries: readonly (readonly [string, ReactNode])[] = [
    [words.time, momentTime(request.atMs)],
    [words.decision, <OutcomeBadge key="outcome" request={request} />],
    [words.reason, <Why key="why" request={request} />],
    ...(decisionId === undefined
      ? []
      : ([
          [
            words.decisionId,
            <span key="decision" className={styles.buttons}>
              <span className={text.mono}>{decisionId}</span>
              <CopyButton text={decisionId} what={words.decisionId} variant="subtle" />
            </span>,
          ],
        ] as const)),
    ...(request.insteadOf === undefined ? [] : ([[words.insteadOf, hiddenOf(request.insteadOf)]] as const)),
    [words.method, request.method],
    [
      words.path,
      <span key="path" className={text.mono}>
        {request.path}
      </span>,
    ],
    ...(name === undefined
      ? file === undefined
        ? []
        : ([[words.package, file]] as const)
      : ([[words.package, [name, version, file === undefined ? '' : `(${file})`].join(' ')]] as const)),
    ...(request.channel === undefined ? [] : ([[words.channel, request.channel]] as const)),
    [words.client, request.client || '–'],
    [
      words.address,
      <span key="address" className={text.mono}>
        {request.address}
      </span>,
    ],
    [words.size, formatBytes(request.bytes)],
    [words.duration, words.milliseconds(formatCount(Math.round(request.durationMs)))],
  ];
  return (
    <Stack gap="lg">
      <dl className={facts.facts}>
        {entries.map(([term, value]) => (
          <Fact key={term} term={term}>
            {value}
          </Fact>
        ))}
        {request.tokenId === undefined ? (
          <Fact term={words.token}>{words.noToken}</Fact>
        ) : (
          <TokenFacts id={request.tokenId} />
        )}
      </dl>
      <div className={styles.buttons}>
        {name !== undefined && <ExplainLink request={request} name={name} version={version} />}
        {request.tokenId !== undefined && (
          <a href={routeHash('gateway', undefined, `token=${request.tokenId}`)}>{words.sameToken}</a>
        )}
        {name !== undefined && (
          <a href={routeHash('gateway', undefined, `search=${encodeURIComponent(name)}`)}>
            {words.samePackage}
          </a>
        )}
      </div>
    </Stack>
  );
}

/** Which newer version was not to be seen, and why. */
const hiddenOf = ({ version, reason }: NonNullable<GatewayRequest['insteadOf']>): string =>
  // Rule and evidence belong together, as main made them.
  words.hiddenVersion(version, texts.reasons.of(reason as unknown as Reason));

/** A file's name may spell its project as it likes (PEP 503). */
const normalised = (kind: 'conda' | 'pypi', name: string): string =>
  kind === 'pypi' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name.toLowerCase();

/** What policies say to the package now, everywhere. */
function ExplainLink(props: {
  readonly request: GatewayRequest;
  readonly name: string;
  readonly version: string | undefined;
}) {
  const kind = useDirectory(
    ({ channels }) => channels.find(({ name }) => name === props.request.channel)?.kind,
  );
  if (kind === undefined) return null;
  const { version } = props;
  const name = normalised(kind, props.name);
  return (
    <a href={packageHash({ ecosystem: kind, name, ...(version === undefined ? {} : { version }) })}>
      {words.explain}
    </a>
  );
}

function Fact(props: { readonly term: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

/** Every reason in words; the phrase that the client read stands beside where it says something else. */
function Why({ request }: { readonly request: GatewayRequest }) {
  const { decision, reason, cause, outcome } = request;
  // Rule and evidence belong together, as main made them.
  const reasons = (decision?.reasons ?? []) as readonly unknown[] as readonly Reason[];
  const said = reasons.map((entry) =>
    entry.mode === 'observe' ? words.observed(texts.reasons.of(entry)) : texts.reasons.of(entry),
  );
  if (said.length === 0 && reason === '' && cause === undefined) {
    return outcome === 'allow' ? words.allowed : '–';
  }
  const lines = [
    ...said,
    ...(cause === undefined || said.length > 0 ? [] : [texts.causes.of(cause)]),
    ...(reason === '' || said.some((line) => reason.includes(line)) ? [] : [reason]),
    ...(decision === undefined && outcome !== 'allow' ? [words.notJudged] : []),
  ];
  return (
    <>
      {[...new Set(lines)].map((line) => (
        <div key={line}>{line}</div>
      ))}
    </>
  );
}

function TokenFacts({ id }: { readonly id: TokenId }) {
  const { value: token } = useAnswer(id, () => api.tokens.get({ id }), { causes: ['tokens', 'holders'] });
  return (
    <>
      <Fact term={words.token}>
        <a href={routeHash('tokens', id)} className={text.mono}>
          lk-{id}
        </a>
        {token !== undefined && ` · ${token.teamName} · ${token.environmentName}`}
      </Fact>
      {token !== undefined && (
        <Fact term={words.holder}>
          <a href={routeHash('holders', token.holder.id)}>{token.holder.name}</a>
        </Fact>
      )}
    </>
  );
}
