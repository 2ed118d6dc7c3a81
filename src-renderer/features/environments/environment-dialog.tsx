import { useState } from 'react';
import { NumberInput, Switch, TextInput } from '@mantine/core';
import type { EnvironmentView } from '../../../shared/contract/directory-views.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { nameProblem } from '../../ui/name-check.ts';
import { tellSuccess } from '../../ui/tell.ts';

/** Makes an environment, or changes one. */
export function EnvironmentDialog(props: {
  readonly environment: EnvironmentView | undefined;
  readonly onClose: () => void;
}) {
  const { environment } = props;
  const environments = useDirectory((state) => state.environments);
  const [name, setName] = useState(environment?.name ?? '');
  const [rank, setRank] = useState<number | string>(
    environment?.rank ?? Math.min(1000, Math.max(0, ...environments.map((entry) => entry.rank)) + 10),
  );
  const [isProtected, setProtected] = useState(environment?.isProtected ?? false);
  const problem = nameProblem(name);

  const save = async () => {
    const draft = { name, rank: Number(rank), isProtected };
    if (environment === undefined) await api.environments.create(draft);
    else await api.environments.update({ ...draft, id: environment.id });
    tellSuccess(environment === undefined ? `Created environment ${name}.` : `Saved environment ${name}.`);
  };

  return (
    <FormModal
      title={environment === undefined ? 'New environment' : 'Edit environment'}
      submit={environment === undefined ? 'Create environment' : 'Save'}
      canSubmit={problem === null && rank !== ''}
      onSubmit={save}
      fields={['name']}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <TextInput
            label="Name"
            placeholder="staging"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            error={at.name ?? (name === '' ? undefined : problem)}
          />
          <NumberInput
            label="Rank"
            description="Order from least to most trusted: dev 10, staging 20, prod 30."
            min={0}
            max={1000}
            allowDecimal={false}
            value={rank}
            onChange={setRank}
          />
          <Switch
            label="Protected"
            description="Marks the environments in which a mistake is expensive."
            checked={isProtected}
            onChange={(event) => setProtected(event.currentTarget.checked)}
          />
        </>
      )}
    </FormModal>
  );
}
