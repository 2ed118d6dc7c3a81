import { useState } from 'react';
import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import type { Attempt } from '../../../shared/contract/doctor-views.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { api } from '../../client/api.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { AttemptList } from './attempt-list.tsx';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.tokenForms.testIssued;

/** Tries the token while the page still has it. */
export function TestIssued(props: { readonly token: TokenView; readonly secret: string }) {
  const [attempts, setAttempts] = useState<readonly Attempt[]>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setAttempts(await api.doctor.testToken({ tokenId: props.token.id, secret: props.secret }));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button
        size="xs"
        variant="default"
        loading={busy}
        leftSection={<IconPlugConnected size={16} />}
        onClick={() => void test()}
      >
        {words.testThisToken}
      </Button>
      <div role="status">{attempts !== undefined && <AttemptList attempts={attempts} />}</div>
      {error !== undefined && <ErrorAlert error={error} />}
    </div>
  );
}
