import type { GatewayView } from '../../../shared/contract/gateway-views.ts';
import styles from '../../ui/state-badge.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const tones = { allow: 'good', deny: 'bad', error: 'soon' } as const;

/** What became of a request. */
export function OutcomeBadge({ request }: { readonly request: GatewayView['recent'][number] }) {
  return (
    <span className={styles.state} data-tone={tones[request.outcome]}>
      {texts.requests.outcomes[request.outcome]} {request.status}
    </span>
  );
}
