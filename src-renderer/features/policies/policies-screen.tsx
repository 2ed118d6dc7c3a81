import { useState } from 'react';
import { ActionIcon, Badge, Button, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconHistory, IconScale } from '@tabler/icons-react';
import type { PolicyDraft, PolicyView } from '../../../shared/contract/policy-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { navigate, useRoute } from '../../state/route.ts';
import type { Column } from '../../ui/table/column.ts';
import { useRowTabIndex } from '../../ui/table/row-tab-index.ts';
import text from '../../ui/text.module.css';
import { nameColumn } from '../lists/columns.tsx';
import { ListScreen } from '../lists/list-screen.tsx';
import { HistoryDrawer } from './history-drawer.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { TemplateDialog } from './template-dialog.tsx';
import { TextDialog } from './text-dialog.tsx';
import { WhereDrawer } from './where-drawer.tsx';

const words = texts.policies.policiesScreen;
const editor = texts.policyEditor;

const columns: readonly Column<PolicyView>[] = [
  nameColumn({ title: words.name, width: 10 }),
  {
    id: 'layer',
    title: editor.list.layer,
    priority: 4,
    width: 7,
    grow: 0.2,
    sort: 'ascending',
    value: ({ layer }) => editor.layers[layer],
    cell: ({ layer }) => editor.layers[layer],
  },
  {
    id: 'mode',
    title: words.mode,
    priority: 1,
    width: 6.5,
    grow: 0.2,
    sort: 'ascending',
    value: ({ mode }) => mode,
    cell: ({ mode }) => (
      <Badge size="sm" tt="none" color={mode === 'enforce' ? 'latch' : 'gray'}>
        {mode === 'enforce' ? words.enforced : words.observed}
      </Badge>
    ),
  },
  {
    id: 'style',
    title: editor.list.style,
    priority: 5,
    width: 6.5,
    grow: 0.2,
    sort: 'ascending',
    value: (policy) => styleOf(policy),
    cell: (policy) => styleOf(policy) ?? '–',
  },
  {
    id: 'applies-to',
    title: words.appliesTo,
    priority: 3,
    width: 10,
    value: (policy) => scopesOf(policy).join(' · '),
    cell: (policy) => <AppliesTo policy={policy} />,
  },
  {
    id: 'reads-as',
    title: words.readsAs,
    priority: 2,
    width: 16,
    grow: 3,
    value: ({ readsAs }) => readsAs,
    cell: ({ readsAs }) => <span className={text.small}>{readsAs}</span>,
  },
  {
    id: 'version',
    title: editor.list.version,
    priority: 6,
    width: 5.5,
    grow: 0.1,
    isNumber: true,
    sort: 'descending',
    value: ({ version }) => version,
    cell: ({ version }) => version,
  },
];

/** How it denies packages, where it does. */
const styleOf = ({ rules, mode, style }: Pick<PolicyView, 'rules' | 'mode' | 'style'>): string | null => {
  if (rules.every(({ type }) => type === 'tokens')) return null;
  return mode === 'observe' ? editor.list.observed : editor.list.styles[style];
};

/** Teams and environments by name, as they are now. */
function scopesOf(policy: PolicyView): readonly [string, string] {
  const { teams, environments } = useDirectory.getState();
  const names = (
    ids: 'all' | readonly string[],
    list: readonly { id: string; name: string }[],
    everything: string,
  ) =>
    ids === 'all'
      ? everything
      : ids.map((id) => list.find((entry) => entry.id === id)?.name ?? words.removed).join(', ');
  return [
    names(policy.teams, teams, words.allTeams),
    names(policy.environments, environments, words.allEnvironments),
  ];
}

function AppliesTo({ policy }: { readonly policy: PolicyView }) {
  // Shown again when a name changes.
  useDirectory();
  const [teams, environments] = scopesOf(policy);
  return (
    <div className={text.twoLines}>
      <span>{teams}</span>
      <span>{environments}</span>
    </div>
  );
}

/** In the address, beside the policy itself. */
const versionsOf = (id: string): string => `versions-${id}`;

type Making = { readonly drafts: readonly PolicyDraft[]; readonly at: number };

/** Rules that apply to teams and environments: edited, compared, rolled back, and seen by where they apply. */
export function PoliciesScreen() {
  const policies = useDirectory((state) => state.policies);
  const open = useRoute((route) => route.open);
  const [making, setMaking] = useState<Making>();
  const history = policies.find(({ id }) => versionsOf(id) === open);
  const back = () => navigate('policies');
  const draft = making?.drafts[making.at];
  const next = () =>
    setMaking((now) =>
      now === undefined || now.at + 1 >= now.drafts.length ? undefined : { ...now, at: now.at + 1 },
    );
  return (
    <>
      <ListScreen
        screen="policies"
        title={words.policies}
        lead={words.rulesForWhatTokens}
        empty={{
          icon: <IconScale size={24} />,
          title: words.noPoliciesYet,
          text: words.withoutAPolicyAny,
          action: words.createFirst,
        }}
        emptyAside={
          <Button variant="default" onClick={() => navigate('policies', 'templates')}>
            {editor.list.template}
          </Button>
        }
        beside={<MoreMenu />}
        entries={policies}
        columns={columns}
        search={words.search}
        remove={({ id }) => api.policies.remove({ id })}
        rowAction={({ id, name }) => (
          <VersionsButton name={name} onClick={() => navigate('policies', versionsOf(id))} />
        )}
        dialog={(policy, close) => <PolicyDialog policy={policy} onClose={close} />}
      />
      {history !== undefined && <HistoryDrawer policy={history} onClose={back} />}
      {open === 'templates' && (
        <TemplateDialog
          onChoose={(drafts) => {
            setMaking({ drafts, at: 0 });
            back();
          }}
          onClose={back}
        />
      )}
      {open === 'where' && <WhereDrawer onClose={back} />}
      {open === 'text' && <TextDialog onClose={back} />}
      {making !== undefined && draft !== undefined && (
        <PolicyDialog
          key={making.at}
          policy={undefined}
          start={draft}
          step={{ at: making.at + 1, of: making.drafts.length }}
          onSaved={next}
          onClose={() => setMaking(undefined)}
        />
      )}
    </>
  );
}

function MoreMenu() {
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDots size={17} aria-hidden="true" />}>
          {editor.list.more}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => navigate('policies', 'templates')}>{editor.list.template}</Menu.Item>
        <Menu.Item onClick={() => navigate('policies', 'where')}>{editor.list.where}</Menu.Item>
        <Menu.Item onClick={() => navigate('policies', 'text')}>{editor.list.text}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function VersionsButton(props: { readonly name: string; readonly onClick: () => void }) {
  const tabIndex = useRowTabIndex();
  return (
    <Tooltip label={editor.list.versions}>
      <ActionIcon
        tabIndex={tabIndex}
        variant="subtle"
        color="gray"
        aria-label={editor.list.versionsOf(props.name)}
        onClick={props.onClick}
      >
        <IconHistory size={17} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
