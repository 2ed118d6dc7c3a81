import { useState } from 'react';
import { TextInput } from '@mantine/core';
import type { TeamView } from '../../../shared/contract/directory-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { nameProblem } from '../../ui/name-check.ts';
import { tellSuccess } from '../../ui/tell.ts';

const words = texts.teams.teamDialog;

/** Makes a team, or changes one. */
export function TeamDialog({
  team,
  onClose,
}: {
  readonly team: TeamView | undefined;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(team?.name ?? '');
  const [description, setDescription] = useState(team?.description ?? '');
  const problem = nameProblem(name);

  const save = async () => {
    const draft = { name, description: description.trim() };
    if (team === undefined) await api.teams.create(draft);
    else await api.teams.update({ ...draft, id: team.id });
    tellSuccess(team === undefined ? words.createdTeam(name) : words.savedTeam(name));
  };

  return (
    <FormOverlay
      title={team === undefined ? words.newTeam : words.editTeam}
      submit={team === undefined ? words.createTeam : words.save}
      draft={{ name, description }}
      missing={name === '' ? texts.parts.missing.name : (problem ?? undefined)}
      onSubmit={save}
      fields={['name', 'description']}
      onClose={onClose}
    >
      {({ at }) => (
        <>
          <TextInput
            label={words.name}
            description={words.shortAndLowerCase}
            placeholder={words.dataScience}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            error={at.name ?? (name === '' ? undefined : problem)}
          />
          <TextInput
            label={words.description}
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            error={at.description}
          />
        </>
      )}
    </FormOverlay>
  );
}
