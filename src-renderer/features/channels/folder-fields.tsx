import { TextInput } from '@mantine/core';
import type { FolderView } from '../../../shared/contract/channel-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import type { FieldProblems } from '../../client/field-problems.ts';
import { FolderField } from '../../ui/form/folder-field.tsx';
import type { ChannelForm } from './channel-draft.ts';
import { labelOf, labelProblem } from './channel-draft.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.channels.folderFields;

/** A folder as the vault has it, by a label, and where it is on this computer. */
export function FolderFields(props: {
  readonly form: ChannelForm;
  /** What this computer knows about the label. */
  readonly folder: FolderView | undefined;
  /** The channel's name until now: it is no other user of the folder. */
  readonly own: string | undefined;
  readonly at: FieldProblems['at'];
  readonly onChange: (part: Partial<ChannelForm>) => void;
}) {
  const { form, folder, at, onChange } = props;
  const others = (folder?.channels ?? []).filter((name) => name !== props.own);
  const holds = words.holds[form.kind];
  return (
    <>
      <TextInput
        label={words.folderLabel}
        description={words.keptInTheVault}
        placeholder={form.name === '' ? words.packages : form.name}
        maxLength={limits.nameChars}
        value={form.label}
        onChange={(event) => onChange({ label: event.currentTarget.value.toLowerCase() })}
        error={at.label ?? labelProblem(form)}
      />
      <FolderField
        label={words.folderOnThisComputer}
        description={
          others.length === 0
            ? words.itsWholePath(holds)
            : words.itsWholePathMoves(
                holds,
                texts.lists.uses(others.map((name) => ({ kind: 'channel', name }))),
                labelOf(form),
              )
        }
        placeholder={folder?.path ?? words.srvPackages}
        value={form.path}
        onChange={(path) => onChange({ path })}
        error={at.folder}
      />
    </>
  );
}
