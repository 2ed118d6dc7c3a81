import { Button } from '@mantine/core';
import { LatchkeyError } from '../../shared/errors.ts';
import { AlarmBanner } from '../ui/alarm-banner.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { ErrorAlert } from '../ui/error-alert.tsx';
import layout from '../ui/layout.module.css';
import { tellFailure, tellNotice, tellSuccess } from '../ui/tell.ts';
import { Group, State } from './state.tsx';

const unavailable = new LatchkeyError('VAULT_UNAVAILABLE', 'The disk is gone. Connect it, then try again.');
const denied = new LatchkeyError('POLICY_DENIED', 'Refused.', {
  details: {
    reasons: [
      { policyName: 'prod-tokens', rule: 'tokens.lifetime', evidence: { ttlDays: 365, maxTtlDays: 90 } },
      { policyName: 'prod-tokens', rule: 'tokens.networks', evidence: {} },
    ],
  },
});

/** What is said after something was done, or could not be. */
export function Messages() {
  return (
    <Group title="Messages">
      <State name="Toasts, below the screen or above the actions of an overlay">
        <div className={layout.row}>
          <Button variant="default" onClick={() => tellSuccess('Saved the settings.')}>
            It worked
          </Button>
          <Button
            variant="default"
            onClick={() => tellNotice('Removed channel main, and took it out of two policies.')}
          >
            Please note
          </Button>
          <Button variant="default" onClick={() => tellFailure(unavailable)}>
            It failed
          </Button>
        </div>
      </State>
      <State name="Copying: text, and a secret that is cleared">
        <div className={layout.row}>
          <CopyButton text="lk-abcd1234" what="token id" label="Copy id" />
          <CopyButton text="secret" what="token" label="Copy token" secret variant="filled" />
        </div>
      </State>
      <State name="An error with a way to try again">
        <ErrorAlert error={unavailable} onRetry={() => undefined} />
      </State>
      <State name="A policy’s reasons">
        <ErrorAlert error={denied} />
      </State>
      <State name="A bug">
        <ErrorAlert error={new Error('for the console')} />
      </State>
      <State name="Alarms of the vault">
        <AlarmBanner
          alarms={[
            { code: 'changes-waiting', message: 'Two changes wait for the unlock.', stopsWrites: false },
            { code: 'lines-lost', message: 'The newest 3 lines are gone.', stopsWrites: true },
          ]}
        />
      </State>
    </Group>
  );
}
