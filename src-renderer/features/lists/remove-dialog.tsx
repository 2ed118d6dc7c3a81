import { reloadVault } from '../../state/live.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { tellSuccess } from '../../ui/tell.ts';

/** Asks before a team, environment, channel or policy goes. */
export function RemoveDialog(props: {
  readonly what: string;
  readonly name: string;
  readonly remove: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  return (
    <ConfirmDialog
      title={`Remove ${props.what}`}
      confirm="Remove"
      onClose={props.onClose}
      onConfirm={async () => {
        await props.remove();
        tellSuccess(`Removed ${props.what} ${props.name}.`);
        void reloadVault();
      }}
    >
      <p>
        Remove {props.what} <strong>{props.name}</strong>? The audit log keeps what was done with it.
      </p>
    </ConfirmDialog>
  );
}
