import type { RefObject } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { FieldName, FieldProblems } from '../../client/field-problems.ts';
import { fieldProblems } from '../../client/field-problems.ts';
import { announce } from '../announcement.ts';
import { isSame } from './is-same.ts';
import { letGo, useUnsaved } from './unsaved.ts';

/** What the form holds, by field. Names of `FieldName` make a refusal go away when its own field is mended. */
export type FormDraft = Readonly<Record<string, unknown>>;
export type FormOptions = {
  readonly draft: FormDraft;
  /** What is saved now, where the form stays open after it was sent; else what it held when it opened. */
  readonly saved?: FormDraft;
  /** Why it cannot be sent yet; undefined when it can. */
  readonly missing?: string | undefined;
  /** Which fields show what is wrong with them. */
  readonly fields?: readonly FieldName[];
  readonly onSubmit: () => Promise<unknown> | void;
  readonly onDone: () => void;
};
export type GuardedForm = {
  readonly busy: boolean;
  readonly missing: string | undefined;
  /** It was tried although something is missing. */
  readonly isTried: boolean;
  /** Differs from what it was when it opened. */
  readonly isDirty: boolean;
  readonly problems: FieldProblems;
  /** The last refusal as it came, also where it is said at the fields: a passphrase field takes the focus back by it. */
  readonly refusal: unknown;
  /** What is to be said below the fields; gone as soon as anything is changed. */
  readonly unplaced: unknown;
  readonly submit: () => Promise<void>;
  readonly ref: RefObject<HTMLDivElement | null>;
};

type Refusal = { readonly error: unknown; readonly draft: FormDraft };

/**
 * The behaviour of every form: why it cannot be sent, one attempt at a time, a refusal at its field until that field is
 * mended, and whether something would be lost by leaving.
 */
export function useGuardedForm(options: FormOptions): GuardedForm {
  const { draft, missing } = options;
  const [initial] = useState(draft);
  const [busy, setBusy] = useState(false);
  const [isTried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const ref = useShownProblem(refusal);
  const isDirty = !isSame(draft, options.saved ?? initial);
  useUnsaved(isDirty);

  const submit = async () => {
    if (busy) return;
    if (missing !== undefined) {
      setTried(true);
      announce(missing);
      return;
    }
    setBusy(true);
    setRefusal(undefined);
    try {
      await options.onSubmit();
      letGo();
      options.onDone();
    } catch (error) {
      setRefusal({ error, draft });
    } finally {
      setBusy(false);
    }
  };

  const isUntouched = refusal !== undefined && isSame(refusal.draft, draft);
  return {
    busy,
    missing,
    isTried,
    isDirty,
    problems: stillWrong(refusal, draft, options.fields ?? []),
    refusal: refusal?.error,
    unplaced:
      isUntouched && !fieldProblems(refusal.error, options.fields ?? []).isWhole ? refusal.error : undefined,
    submit,
    ref,
  };
}

/** What the refusal said of fields that are as they were then. */
function stillWrong(
  refusal: Refusal | undefined,
  draft: FormDraft,
  fields: readonly FieldName[],
): FieldProblems {
  const { at, isWhole } = fieldProblems(refusal?.error, fields);
  const left = Object.entries(at).filter(([field]) =>
    field in draft ? isSame(draft[field], refusal?.draft[field]) : isSame(draft, refusal?.draft),
  );
  return { at: Object.fromEntries(left), isWhole };
}

/** Scrolls to the first thing that is said to be wrong, and puts the focus there: a long form may have it out of sight. */
function useShownProblem(refusal: Refusal | undefined): RefObject<HTMLDivElement | null> {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusal === undefined) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    wrong?.scrollIntoView({ block: 'nearest' });
    wrong?.focus({ preventScroll: true });
    if (wrong === null) form.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' });
  }, [refusal]);
  return form;
}
