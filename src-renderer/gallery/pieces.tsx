import { CheckProgress } from '../ui/check-progress.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dot } from '../ui/dot.tsx';
import facts from '../ui/facts.module.css';
import { KeyMark } from '../ui/key-mark.tsx';
import { Keys } from '../ui/keys.tsx';
import layout from '../ui/layout.module.css';
import type { PolicyUse } from '../../shared/model/gateway.ts';
import { PolicyUses } from '../ui/policy-uses.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import type { Slot } from '../ui/request-chart.tsx';
import { RequestChart } from '../ui/request-chart.tsx';
import { RowActions } from '../ui/row-actions.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { TokenEnd } from '../ui/token-end.tsx';
import text from '../ui/text.module.css';
import { useNow } from '../ui/use-now.ts';
import { Group, State } from './state.tsx';

const slotMs = 10_000;
const slots: readonly Slot[] = Array.from({ length: 60 }, (_, index) => ({
  atMs: index * slotMs,
  allowed: (index * 7) % 23,
  denied: index % 9 === 0 ? 4 : 0,
}));
const none: readonly Slot[] = slots.map(({ atMs }) => ({ atMs, allowed: 0, denied: 0 }));

const uses: readonly (Omit<PolicyUse, 'packages'> & { packages: string[] })[] = (
  ['blocked', 'observed', 'hidden'] as const
).map((what, index) => ({
  what,
  policyName: 'production-strict',
  rule: 'package.too-young',
  count: 3 + index,
  lastAtMs: slotMs * index,
  packages: ['numpy 2.1.0', 'requests 2.32.0'],
}));

/** The small ones. */
export function Pieces() {
  const nowMs = useNow();
  return (
    <Group title="Pieces">
      <State name="States of tokens">
        <div className={layout.row}>
          {(['requested', 'active', 'expiring', 'expired', 'revoked'] as const).map((state) => (
            <StateBadge key={state} state={state} />
          ))}
          <StateBadge state="expiring" rotatedTo="AbCd1234" />
        </div>
      </State>
      <State name="Keys">
        <div className={layout.row}>
          <Keys keys={['Ctrl+K']} /> <Keys keys={['g', 't']} next="then" />
        </div>
      </State>
      <State name="Marks, times, the product’s mark">
        <div className={layout.row}>
          <Dot tone="allow" /> <Dot tone="soon" /> <Dot tone="deny" /> <Dot tone="quiet" />
          <RelativeTime atMs={nowMs + 3 * 86_400_000} nowMs={nowMs} />
          <RelativeTime atMs={nowMs - 7_200_000} nowMs={nowMs} />
          <TokenEnd token={{ state: 'active', expiresAtMs: nowMs + 90 * 86_400_000 }} />
          <TokenEnd
            token={{
              state: 'revoked',
              expiresAtMs: nowMs + 86_400_000,
              revoked: { atMs: nowMs - 7_200_000 },
            }}
          />
          <KeyMark />
        </div>
      </State>
      <State name="Actions of a row">
        <RowActions name="ci" onEdit={() => undefined} onRemove={() => undefined} />
      </State>
      <State name="Facts">
        <dl className={facts.facts}>
          <dt>Holder</dt>
          <dd>Grace Hopper</dd>
          <dt>Networks</dt>
          <dd className={text.mono}>10.20.0.0/16, 192.0.2.0/24</dd>
        </dl>
      </State>
      <State name="A file, and a command that wraps">
        <CodeBlock
          label=".condarc"
          code={'channels:\n  - https://packages.example.com/conda/main'}
          actions={<CopyButton text="x" what=".condarc" />}
        />
        <CodeBlock label="Check that it works" code={'pip download --no-deps numpy '.repeat(4)} wrap />
      </State>
      <State name="A check under way">
        <CheckProgress label="Log checked" done={1_204} total={4_210} words="1,204 of 4,210 parts checked" />
      </State>
      <State name="Requests">
        <RequestChart history={slots} withAxis />
      </State>
      <State name="No requests">
        <RequestChart history={none} />
      </State>
      <State name="What policies said">
        <PolicyUses uses={uses} />
      </State>
    </Group>
  );
}
