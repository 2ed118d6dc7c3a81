import { Stack } from '@mantine/core';
import type { Removal } from '../../../shared/contract/directory-views.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { tellNotice, tellSuccess } from '../../ui/tell.ts';
import type { Uses } from './uses.ts';
import { usesText } from './uses.ts';

/** Asks before a team, environment, channel or policy goes, and says what else changes. */
export function RemoveDialog(props: {
  readonly what: string;
  readonly name: string;
  readonly uses: Uses;
  readonly remove: () => Promise<Partial<Removal>>;
  readonly onClose: () => void;
}) {
  const { what, name, uses } = props;
  return (
    <ConfirmDialog
      title={`Remove ${what}`}
      confirm="Remove"
      onClose={props.onClose}
      onConfirm={async () => {
        const { takenOutOf = [] } = await props.remove();
        if (takenOutOf.length === 0) tellSuccess(`Removed ${what} ${name}.`);
        else tellNotice(`Removed ${what} ${name}, and took it out of ${usesText(takenOutOf)}.`);
      }}
    >
      <Stack gap="sm">
        <p>
          Remove {what} <strong>{name}</strong>? The audit log keeps what was done with it.
        </p>
        {uses.takenOutOf.length > 0 && (
          <p>It is taken out of {usesText(uses.takenOutOf)} in the same step.</p>
        )}
        {uses.namesOnlyThis.length > 0 && (
          <p>
            {capital(usesText(uses.namesOnlyThis))} {uses.namesOnlyThis.length === 1 ? 'is' : 'are'} for this{' '}
            {what} only. Give {uses.namesOnlyThis.length === 1 ? 'it' : 'them'} another {what}, or remove{' '}
            {uses.namesOnlyThis.length === 1 ? 'it' : 'them'} first.
          </p>
        )}
      </Stack>
    </ConfirmDialog>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
