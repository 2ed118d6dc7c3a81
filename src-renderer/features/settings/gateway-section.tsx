import { Switch, TagsInput, TextInput } from '@mantine/core';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { FieldProblems } from '../../client/field-problems.ts';
import { NumberField } from '../../ui/form/number-field.tsx';
import { Section } from './section.tsx';
import type { SettingsDraft } from './settings-draft.ts';
import { ranges } from './settings-draft.ts';
import styles from './settings-screen.module.css';

type GatewayDraft = SettingsDraft['gateway'];

/** Where the gateway listens, how clients reach it, and how it ends. */
export function GatewaySection(props: {
  readonly value: GatewayDraft;
  readonly at: FieldProblems['at'];
  readonly onChange: (part: Partial<GatewayDraft>) => void;
}) {
  const { value, at, onChange } = props;
  return (
    <Section title="Gateway" text="A new address takes effect when the gateway starts again.">
      <Switch
        label="Start with the vault"
        description="The gateway runs as soon as the vault is unlocked."
        checked={value.autoStart}
        onChange={(event) => onChange({ autoStart: event.currentTarget.checked })}
      />
      <div className={styles.address}>
        <TextInput
          label="Listen on"
          description="127.0.0.1 is this computer only."
          value={value.host}
          onChange={(event) => onChange({ host: event.currentTarget.value })}
          error={at['gateway-host']}
        />
        <NumberField
          label="Port"
          description="0 takes any."
          {...ranges.port}
          hideControls
          value={value.port}
          onChange={(port) => onChange({ port })}
          error={at.port}
        />
      </div>
      <TextInput
        label="Public URL"
        description="The address in exported configurations, where clients reach the gateway through a proxy or by another name. May include a path."
        placeholder="https://packages.example.com"
        value={value.publicUrl}
        onChange={(event) => onChange({ publicUrl: event.currentTarget.value.trim() })}
        error={at['public-url']}
      />
      <TagsInput
        label="Trusted proxies"
        description="Whose X-Forwarded-For is believed, for tokens' networks. Addresses or CIDR blocks; Enter or a comma after each."
        placeholder={value.trustedProxies.length === 0 ? '10.0.0.5' : ''}
        splitChars={[',', ' ', ';']}
        maxTags={limits.networks}
        acceptValueOnBlur
        value={value.trustedProxies}
        onChange={(trustedProxies) => onChange({ trustedProxies })}
        error={at['trusted-proxies']}
      />
      <Switch
        label={texts.gateway.finishDownloads.label}
        description={texts.gateway.finishDownloads.description}
        checked={value.finishDownloads}
        onChange={(event) => onChange({ finishDownloads: event.currentTarget.checked })}
      />
      <NumberField
        label={texts.gateway.drainSeconds.label}
        description={texts.gateway.drainSeconds.description}
        suffix={texts.gateway.drainSeconds.unit}
        {...ranges.drainSeconds}
        value={value.drainSeconds}
        onChange={(drainSeconds) => onChange({ drainSeconds })}
      />
    </Section>
  );
}
