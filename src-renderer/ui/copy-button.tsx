import { createContext, use, useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { texts } from '../../shared/texts/texts.ts';
import { announce } from './announcement.ts';
import { tellFailure } from './tell.ts';

const own = texts.ui.copyButton;

/** Puts a text on the clipboard. The answer says after how long a secret leaves it again, if it does. */
type CopyText = (
  text: string,
  options: { readonly secret: boolean },
) => Promise<{ readonly clearsAfterSeconds: number | undefined }>;

/** The way to the clipboard depends on host and settings, so the app brings it. */
export const CopyContext = createContext<CopyText>(() =>
  Promise.reject(new Error('no way to copy was given')),
);

/** Long enough to read when a secret is cleared. */
const shownForMs = 5000;

/** Copies a text, says so, and tells when a secret leaves the clipboard again. */
export function CopyButton(props: {
  readonly text: string;
  readonly secret?: boolean;
  /** What is copied, e.g. "token"; becomes the accessible name "Copy token". */
  readonly what: string;
  readonly onCopied?: () => void;
  readonly variant?: 'default' | 'filled' | 'subtle';
  readonly label?: string;
}) {
  const copyText = use(CopyContext);
  /** What was said by the last copy, for as long as it is shown. */
  const [copied, setCopied] = useState<string>();
  const words = texts.parts.copy;
  useEffect(() => {
    if (copied === undefined) return undefined;
    const timer = window.setTimeout(() => setCopied(undefined), shownForMs);
    return () => window.clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      const { clearsAfterSeconds } = await copyText(props.text, { secret: props.secret ?? false });
      setCopied(clearsAfterSeconds === undefined ? words.copied : words.clears(clearsAfterSeconds));
      announce(words.said(props.what, clearsAfterSeconds));
      props.onCopied?.();
    } catch (error) {
      tellFailure(error);
    }
  };

  return (
    <Button
      size="compact-sm"
      variant={props.variant ?? 'default'}
      leftSection={copied !== undefined ? <IconCheck size={15} /> : <IconCopy size={15} />}
      // While it says what happened, that is its name.
      aria-label={copied === undefined ? own.copy(props.what) : undefined}
      onClick={() => void copy()}
    >
      {copied ?? props.label ?? words.copy}
    </Button>
  );
}
