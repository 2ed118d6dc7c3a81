import { useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import type { AgentView } from '../../../shared/contract/session-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api, onHostEvent } from '../../client/api.ts';
import { exactTime } from '../../ui/format.ts';
import { tellFailure } from '../../ui/tell.ts';
import { cx } from '../../ui/cx.ts';
import text from '../../ui/text.module.css';

/** Lets commands on this computer work in this app while it is unlocked; off until the click, each time. */
export function CommandLine() {
  const [agent, setAgent] = useState<AgentView>();
  useEffect(() => {
    const stop = onHostEvent('agent.changed', setAgent);
    api.agent.status().then(setAgent, tellFailure);
    return stop;
  }, []);
  if (agent === undefined) return null;
  const change = (act: () => Promise<AgentView>) => {
    act().then(setAgent, tellFailure);
  };
  const { serving, idleEndMs = 0, endMs = 0 } = agent;
  return (
    <div>
      <p className={cx(text.small, text.quiet)} role="status">
        {serving ? texts.agent.on(exactTime(idleEndMs), exactTime(endMs)) : texts.agent.off}
      </p>
      <Button
        variant="default"
        mt="xs"
        onClick={() => change(serving ? () => api.agent.stop() : () => api.agent.start())}
      >
        {serving ? texts.agent.stop : texts.agent.start}
      </Button>
    </div>
  );
}
