import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import card from '../ui/card.module.css';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Gate } from '../ui/gate.tsx';
import { EmptyState, Page, SkeletonRows } from '../ui/page.tsx';
import { Group, State } from './state.tsx';

function Broken(): never {
  throw new Error('a bug in a screen');
}

/** What a screen is made of. */
export function Screens() {
  return (
    <Group title="Screens">
      <State name="A screen that is empty">
        <Page
          title="Teams"
          lead="Groups of people and machines that get tokens."
          action={<Button>New team</Button>}
        >
          <div className={card.card}>
            <EmptyState
              icon={<IconUsersGroup size={24} />}
              title="No teams yet"
              text="A token belongs to one team."
              action={<Button>Create the first team</Button>}
            />
          </div>
        </Page>
      </State>
      <State name="A list that loads">
        <SkeletonRows />
      </State>
      <State name="A bug in a screen">
        <ErrorBoundary>
          <Broken />
        </ErrorBoundary>
      </State>
      <State name="Before the vault is open">
        <Gate headline="Who may install what." text="Issue, scope and revoke tokens.">
          <Button fullWidth>Unlock</Button>
        </Gate>
      </State>
    </Group>
  );
}
