import { useState } from 'react';
import { Switch, TextInput } from '@mantine/core';
import type { EnvironmentView } from '../../../shared/contract/directory-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useDirectory } from '../../state/directory.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import type { TypedNumber } from '../../ui/form/number-field.tsx';
import { NumberField, numberProblem } from '../../ui/form/number-field.tsx';
import { nameProblem } from '../../ui/name-check.ts';
import { tellSuccess } from '../../ui/tell.ts';

const words = texts.environments.environmentDialog;

const ranks = { least: 0, most: 1000 } as const;

/** Makes an environment, or changes one. */
export function EnvironmentDialog(props: {
  readonly environment: EnvironmentView | undefined;
  readonly onClose: () => void;
}) {
  const { environment } = props;
  const environments = useDirectory((state) => state.environments);
  const [name, setName] = useState(environment?.name ?? '');
  const [rank, setRank] = useState<TypedNumber>(
    environment?.rank ?? Math.min(1000, Math.max(0, ...environments.map((entry) => entry.rank)) + 10),
  );
  const [isProtected, setProtected] = useState(environment?.isProtected ?? false);
  const problem = nameProblem(name);

  const save = async () => {
    const draft = { name, rank: Number(rank), isProtected };
    if (environment === undefined) await api.environments.create(draft);
    else await api.environments.update({ ...draft, id: environment.id });
    tellSuccess(environment === undefined ? words.createdEnvironment(name) : words.savedEnvironment(name));
  };

  return (
    <FormOverlay
      title={environment === undefined ? words.newEnvironment : words.editEnvironment}
      submit={environment === undefined ? words.createEnvironment : words.save}
      draft={{ name, rank, isProtected }}
      missing={name === '' ? texts.parts.missing.name : (problem ?? numberProblem(rank, ranks))}
      onSubmit={save}
      fields={['name']}
      onClose={props.onClose}
    >
      {({ at }) => (
        <>
          <TextInput
            label={words.name}
            placeholder={words.staging}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            error={at.name ?? (name === '' ? undefined : problem)}
          />
          <NumberField
            label={words.rank}
            description={words.orderFromLeastTo}
            {...ranks}
            value={rank}
            onChange={setRank}
          />
          <Switch
            label={words.protected}
            description={words.marksTheEnvironmentsIn}
            checked={isProtected}
            onChange={(event) => setProtected(event.currentTarget.checked)}
          />
        </>
      )}
    </FormOverlay>
  );
}
