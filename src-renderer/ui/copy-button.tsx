import { useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { copyText } from '../client/copy-text.ts';
import { announce } from './announcement.ts';
import { tellFailure } from './tell.ts';

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
