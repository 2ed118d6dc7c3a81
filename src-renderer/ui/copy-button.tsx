import { createContext, use, useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { announce } from './announcement.ts';
import { tellFailure } from './tell.ts';

/** Puts a text on the clipboard. The answer says after how long a secret leaves it again, if it does. */
type CopyText = (
  text: string,
  options: { readonly secret: boolean },
) => Promise<{ readonly clearsAfterSeconds: number | undefined }>;

/** The way to the clipboard depends on host and settings, so the app brings it. */
export const CopyContext = createContext<CopyText>(() =>
  Promise.reject(new Error('no way to copy was given')),
);

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
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = window.setTimeout(() => setCopied(false), 2500);
    return () => window.clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      const { clearsAfterSeconds } = await copyText(props.text, { secret: props.secret ?? false });
      setCopied(true);
      announce(
        `Copied ${props.what}.` +
          (clearsAfterSeconds === undefined
            ? ''
            : ` The clipboard is cleared in ${clearsAfterSeconds} seconds.`),
      );
      props.onCopied?.();
    } catch (error) {
      tellFailure(error);
    }
  };

  return (
    <Button
      size="compact-sm"
      variant={props.variant ?? 'default'}
      leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
      aria-label={`Copy ${props.what}`}
      onClick={() => void copy()}
    >
      {copied ? 'Copied' : (props.label ?? 'Copy')}
    </Button>
  );
}
