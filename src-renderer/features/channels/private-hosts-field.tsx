import { useState } from 'react';
import { Button, Stack, TagsInput } from '@mantine/core';
import type { ResolvedHost } from '../../../shared/contract/channel-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import { api } from '../../client/api.ts';
import { cx } from '../../ui/cx.ts';
import styles from './private-hosts-field.module.css';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import text from '../../ui/text.module.css';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.channels.privateHostsField;

/** What of the local network a channel or a feed may reach, and which addresses that is at this moment. */
export function PrivateHostsField(props: {
  /** Those of a channel unless others are given. */
  readonly label?: string;
  readonly hint?: string;
  readonly value: readonly string[];
  readonly error?: string | undefined;
  readonly onChange: (hosts: string[]) => void;
}) {
  const { value } = props;
  const [resolved, setResolved] = useState<readonly ResolvedHost[]>();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const lookUp = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      setResolved(await api.channels.resolveHosts({ privateHosts: [...value] }));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap={6} align="stretch">
      <TagsInput
        label={props.label ?? words.privateHostsThisChannel}
        description={props.hint ?? words.onlyIfTheUpstream}
        placeholder={value.length === 0 ? words.storeCorpExample443 : ''}
        splitChars={[',', ' ', ';']}
        maxTags={limits.privateHosts}
        acceptValueOnBlur
        value={[...value]}
        onChange={(hosts) => {
          setResolved(undefined);
          props.onChange(hosts);
        }}
        error={props.error}
      />
      {value.length > 0 && (
        <Button
          size="compact-xs"
          variant="default"
          className={cx(styles.lookUp)}
          loading={busy}
          onClick={() => void lookUp()}
        >
          {words.showTheirAddresses}
        </Button>
      )}
      <div aria-live="polite">
        {resolved?.map(({ entry, addresses, problem }) => (
          <div key={entry} className={text.small}>
            <span className={text.mono}>{entry}</span>
            {addresses.length > 0 && <>{words.isNow(addresses.join(', '))}</>} {problem}
          </div>
        ))}
        {failure !== undefined && <ErrorAlert error={failure} />}
      </div>
    </Stack>
  );
}
