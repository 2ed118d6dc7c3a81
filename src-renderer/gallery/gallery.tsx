import { CopyContext } from '../ui/copy-button.tsx';
import { BrowseContext } from '../ui/form/folder-field.tsx';
import { LeaveQuestion } from '../ui/form/leave-question.tsx';
import { ToastOutlet } from '../ui/toast/toast-outlet.tsx';
import { Fields } from './fields.tsx';
import styles from './gallery.module.css';
import { Messages } from './messages.tsx';
import { Overlays } from './overlays.tsx';
import { Pieces } from './pieces.tsx';
import { Tables } from './tables.tsx';
import { Screens } from './screens.tsx';

/** Every part of `ui/` in its states, made of the parts themselves. Nothing here reaches a host. */
export function Gallery() {
  return (
    <CopyContext value={(_, { secret }) => Promise.resolve({ clearsAfterSeconds: secret ? 60 : undefined })}>
      <BrowseContext value={() => Promise.resolve('/srv/packages')}>
        <div className={styles.page}>
          <main className={styles.main}>
            <h1 className={styles.heading}>Parts of the interface</h1>
            <Overlays />
            <Fields />
            <Messages />
            <Pieces />
            <Tables />
            <Screens />
          </main>
          <ToastOutlet />
          <LeaveQuestion />
        </div>
      </BrowseContext>
    </CopyContext>
  );
}
