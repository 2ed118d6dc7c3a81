import { Stack } from '@mantine/core';
import type { Removal } from '../../../shared/contract/directory-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { ListName } from '../../state/directory.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { tellNotice, tellSuccess } from '../../ui/tell.ts';
import type { Uses } from './uses.ts';

/** Asks before a team, environment, channel or policy goes, and says what else changes. */
export function RemoveDialog(props: {
  readonly list: ListName;
  readonly name: string;
  readonly uses: Uses;
  readonly remove: () => Promise<Partial<Removal>>;
  readonly onClose: () => void;
}) {
  const { name, uses } = props;
  const words = texts.lists.of[props.list].remove;
  const [before, after] = words.ask;
  return (
    <ConfirmDialog
      title={words.title}
      confirm={texts.lists.remove}
      onClose={props.onClose}
      onConfirm={async () => {
        const { takenOutOf = [] } = await props.remove();
        if (takenOutOf.length === 0) tellSuccess(words.removed(name));
        else tellNotice(words.removedFrom(name, takenOutOf));
      }}
    >
      <Stack gap="sm">
        <p>
          {before}
          <strong>{name}</strong>
          {after}
        </p>
        {uses.takenOutOf.length > 0 && <p>{words.takenOut(uses.takenOutOf)}</p>}
        {uses.namesOnlyThis.length > 0 && <p>{words.inTheWay(uses.namesOnlyThis)}</p>}
      </Stack>
    </ConfirmDialog>
  );
}
