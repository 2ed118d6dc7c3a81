import type { ReactNode } from 'react';
import { Button, Stack } from '@mantine/core';
import { LayerModal } from './layered.tsx';
import type { FieldName, FieldProblems } from '../client/field-problems.ts';
import { fieldProblems } from '../client/field-problems.ts';
import { ErrorAlert } from './error-alert.tsx';
import { useShownProblem } from './use-shown-problem.ts';
import { useSubmit } from './use-submit.ts';

/** A small form in a dialog: fields, the error where it belongs, Cancel and the one action. */
export function FormModal(props: {
  readonly title: string;
  readonly submit: string;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  /** The fields; a function is told what the last refusal said about each. */
  readonly children: ReactNode | ((problems: FieldProblems) => ReactNode);
  /** Which fields show what is wrong with them. */
  readonly fields?: readonly FieldName[];
  readonly size?: string | number;
  readonly extraAction?: ReactNode;
  readonly canSubmit?: boolean;
  /** The caller decides what stands here after success, so the dialog does not close itself. */
  readonly keepOpen?: boolean;
}) {
  const { busy, error, submit } = useSubmit(props.onSubmit, () => {
    if (props.keepOpen !== true) props.onClose();
  });
  const form = useShownProblem(error);
  const problems = fieldProblems(error, props.fields ?? []);
  return (
    <LayerModal
      opened
      title={props.title}
      onClose={props.onClose}
      size={props.size ?? 'md'}
      closeOnClickOutside={false}
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (props.canSubmit !== false) void submit();
        }}
      >
        <Stack gap="md">
          {typeof props.children === 'function' ? props.children(problems) : props.children}
          {error !== undefined && !problems.isWhole && <ErrorAlert error={error} />}
        </Stack>
        <div className="lk-form-foot">
          {props.extraAction}
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={props.canSubmit === false}>
            {props.submit}
          </Button>
        </div>
      </form>
    </LayerModal>
  );
}
