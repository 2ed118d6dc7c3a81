import type { ReactNode } from 'react';
import { Stack } from '@mantine/core';
import { texts } from '../../../shared/texts/texts.ts';
import type { FieldName, FieldProblems } from '../../client/field-problems.ts';
import { ErrorAlert } from '../error-alert.tsx';
import type { OverlayKind, OverlaySize } from '../overlay/overlay.tsx';
import { Overlay } from '../overlay/overlay.tsx';
import { FormFoot } from './form-foot.tsx';
import { letGo } from './unsaved.ts';
import type { FormDraft } from './use-guarded-form.ts';
import { useGuardedForm } from './use-guarded-form.ts';

/** A form in a dialog or drawer: fields, the refusal where it belongs, Cancel and the one action. */
export function FormOverlay(props: {
  readonly kind?: OverlayKind;
  readonly title: string;
  readonly size?: OverlaySize;
  readonly submit: string;
  /** The accessible name of the action, where its text says too little. */
  readonly submitLabel?: string;
  /** What the form holds, by field: tells what is mended, and whether closing would lose something. */
  readonly draft: FormDraft;
  /** Why it cannot be sent yet. */
  readonly missing?: string | undefined;
  readonly onSubmit: () => Promise<unknown> | void;
  readonly onClose: () => void;
  /** The fields; a function is told what the last refusal said about each, and the refusal itself. */
  readonly children: ReactNode | ((problems: FieldProblems, refusal: unknown) => ReactNode);
  /** Which fields show what is wrong with them. */
  readonly fields?: readonly FieldName[];
  /** Results beside the refusal, e.g. of a test. */
  readonly result?: ReactNode;
  readonly extraAction?: ReactNode;
  readonly isDestructive?: boolean;
  /** What its second button says, where it cancels nothing. */
  readonly cancel?: string;
  /** The caller decides what stands here after success, so it does not close itself. */
  readonly keepOpen?: boolean;
}) {
  const { ref, ...form } = useGuardedForm({
    draft: props.draft,
    missing: props.missing,
    ...(props.fields === undefined ? {} : { fields: props.fields }),
    onSubmit: props.onSubmit,
    onDone: () => {
      if (props.keepOpen !== true) props.onClose();
    },
  });
  return (
    <Overlay
      kind={props.kind ?? 'dialog'}
      title={props.title}
      size={props.size ?? 'md'}
      onClose={props.onClose}
      loss={form.isDirty ? texts.parts.discard : undefined}
      onSubmit={() => void form.submit()}
      result={
        (form.unplaced !== undefined || props.result !== undefined) && (
          <>
            {form.unplaced !== undefined && <ErrorAlert error={form.unplaced} />}
            {props.result}
          </>
        )
      }
      foot={
        <FormFoot
          form={form}
          submit={props.submit}
          submitLabel={props.submitLabel}
          onCancel={() => {
            letGo();
            props.onClose();
          }}
          extra={props.extraAction}
          isDestructive={props.isDestructive ?? false}
          cancel={props.cancel}
        />
      }
    >
      <Stack gap="md" ref={ref}>
        {typeof props.children === 'function' ? props.children(form.problems, form.refusal) : props.children}
      </Stack>
    </Overlay>
  );
}
