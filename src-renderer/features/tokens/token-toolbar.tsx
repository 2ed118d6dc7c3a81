import { useEffect, useState } from 'react';
import { Button, CloseButton, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBan, IconSearch } from '@tabler/icons-react';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import type { TokenState } from '../../../shared/model/domain.ts';
import { useDirectory } from '../../state/directory.ts';
import { noFilter, useTokens } from '../../state/tokens.ts';
import { plural } from '../../ui/format.ts';
import { stateLabel } from '../../ui/state-badge.tsx';

const states: readonly TokenState[] = ['active', 'expiring', 'expired', 'revoked'];

/** Search and filters; or, while rows are selected, what can be done with them. */
export function TokenToolbar({ onRevoke }: { readonly onRevoke: (tokens: readonly TokenView[]) => void }) {
  const { selected, clearSelection } = useTokens();
  if (selected.size === 0) return <Filters />;
  return (
    <div className="lk-toolbar" role="toolbar" aria-label="Selected tokens">
      <CloseButton aria-label="Clear selection" onClick={clearSelection} />
      <strong>{plural(selected.size, 'token')} selected</strong>
      <Button
        color="red"
        variant="light"
        size="xs"
        ml="auto"
        leftSection={<IconBan size={15} />}
        onClick={() => onRevoke([...selected.values()])}
      >
        Revoke selected
      </Button>
    </div>
  );
}

function Filters() {
  const { filter, setFilter, total } = useTokens();
  const { teams, environments, channels } = useDirectory();
  const isFiltered =
    filter.search !== '' ||
    [filter.states, filter.teamIds, filter.environmentIds, filter.channelIds].some((list) => list.length > 0);
  return (
    <div className="lk-toolbar" role="search" aria-label="Tokens">
      <Search />
      <Filter
        label="State"
        entries={states.map((state) => ({ id: state, name: stateLabel(state) }))}
        value={filter.states}
        onChange={(chosen) => setFilter({ states: chosen })}
      />
      <Filter
        label="Team"
        entries={teams}
        value={filter.teamIds}
        onChange={(teamIds) => setFilter({ teamIds })}
      />
      <Filter
        label="Environment"
        entries={environments}
        value={filter.environmentIds}
        onChange={(environmentIds) => setFilter({ environmentIds })}
      />
      <Filter
        label="Channel"
        entries={channels}
        value={filter.channelIds}
        onChange={(channelIds) => setFilter({ channelIds })}
      />
      {isFiltered && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => setFilter({ ...noFilter, sort: filter.sort, descending: filter.descending })}
        >
          Clear filters
        </Button>
      )}
      <span className="lk-small lk-quiet" style={{ marginLeft: 'auto' }} aria-live="polite">
        {total === undefined ? '' : plural(total, 'token')}
      </span>
    </div>
  );
}

function Search() {
  const { filter, setFilter } = useTokens();
  const [text, setText] = useState(filter.search);
  const [debounced] = useDebouncedValue(text, 250);
  useEffect(() => {
    if (useTokens.getState().filter.search !== debounced) setFilter({ search: debounced });
  }, [debounced, setFilter]);
  // "Clear filters" empties the field as well.
  useEffect(() => {
    if (filter.search === '') setText('');
  }, [filter.search]);
  return (
    <TextInput
      size="xs"
      w={210}
      type="search"
      aria-label="Search tokens"
      placeholder="Search holder, id, note…"
      leftSection={<IconSearch size={15} />}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

/** A filter by several values, which takes no more room for many than for one. */
function Filter<E extends { readonly id: string; readonly name: string }>(props: {
  readonly label: string;
  readonly entries: readonly E[];
  readonly value: readonly E['id'][];
  readonly onChange: (ids: E['id'][]) => void;
}) {
  const count = props.value.length;
  const first = props.entries.find((entry) => entry.id === props.value[0])?.name ?? '';
  return (
    <MultiSelect
      size="xs"
      w={138}
      aria-label={props.label}
      placeholder={count === 0 ? props.label : count === 1 ? first : `${first} +${count - 1}`}
      data={props.entries.map((entry) => ({ value: entry.id, label: entry.name }))}
      value={[...props.value]}
      onChange={(values) => {
        const chosen = new Set<string>(values);
        props.onChange(props.entries.filter((entry) => chosen.has(entry.id)).map((entry) => entry.id));
      }}
      classNames={{ pill: 'lk-filter-pill', root: count > 0 ? 'lk-filter-on' : '' }}
      comboboxProps={{ width: 220, position: 'bottom-start' }}
      searchable={props.entries.length > 8}
      nothingFoundMessage="Nothing of that name."
    />
  );
}
