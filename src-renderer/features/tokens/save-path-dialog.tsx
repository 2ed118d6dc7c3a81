import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { PathDialog } from '../lists/path-dialog.tsx';
import type { ExportRequest } from './export-request.ts';

const words = texts.tokenForms.savePathDialog;

/** Saves a configuration where the host has no system dialog. */
export function SavePathDialog(props: {
  readonly fileName: string;
  readonly containsSecret: boolean;
  readonly request: ExportRequest;
  readonly onSaved: (path: string, mode: string) => void;
  readonly onClose: () => void;
}) {
  return (
    <PathDialog
      title={words.save(props.fileName)}
      size="lg"
      fileName={props.fileName}
      words={{
        path: words.path,
        hint: props.containsSecret ? words.insideYourHomeFolder : words.insideYourHomeFolder2,
        save: words.save2,
        replace: words.replaceFile,
        exists: words.thisFileExistsAlready,
        existsText: words.replacingItCannotBe,
      }}
      save={async (place) => {
        const answer = await api.exports.save({ ...props.request, fileName: props.fileName, ...place });
        props.onSaved(answer.path, answer.mode);
      }}
      onClose={props.onClose}
    />
  );
}
