import { Switch, TagsInput, TextInput } from '@mantine/core';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import type { FieldProblems } from '../../client/field-problems.ts';
import { NumberField } from '../../ui/form/number-field.tsx';
import { Section } from './section.tsx';
import type { SettingsDraft } from './settings-draft.ts';
import { ranges } from './settings-draft.ts';
import styles from './settings-screen.module.css';

const words = texts.settings.gatewaySection;

type GatewayDraft = SettingsDraft['gateway'];

/** Where the gateway listens, how clients reach it, and how it ends. */
export function GatewaySection(props: {
  readonly value: GatewayDraft;
  readonly at: FieldProblems['at'];
  readonly onChange: (part: Partial<GatewayDraft>) => void;
}) {
  const { value, at, onChange } = props;
  return (
    <Section title={words.gateway} text={words.aNewAddressTakes}>
      <Switch
        label={words.startWithTheVault}
        description={words.theGatewayRunsAs}
        checked={value.autoStart}
        onChange={(event) => onChange({ autoStart: event.currentTarget.checked })}
      />
      <div className={styles.address}>
        <TextInput
          label={words.listenOn}
          description={words.n127001}
          value={value.host}
          onChange={(event) => onChange({ host: event.currentTarget.value })}
          error={at['gateway-host']}
        />
        <NumberField
          label={words.port}
          description={words.n0TakesAny}
          {...ranges.port}
          hideControls
          value={value.port}
          onChange={(port) => onChange({ port })}
          error={at.port}
        />
      </div>
      <TextInput
        label={words.publicUrl}
        description={words.theAddressInExported}
        placeholder={words.httpsPackagesExampleCom}
        value={value.publicUrl}
        onChange={(event) => onChange({ publicUrl: event.currentTarget.value.trim() })}
        error={at['public-url']}
      />
      <TagsInput
        label={words.trustedProxies}
        description={words.whoseXForwardedFor}
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
      <NumberField
        label={texts.cacheScreen.setting.label}
        description={texts.cacheScreen.setting.description}
        suffix={texts.cacheScreen.setting.unit}
        {...ranges.cacheGib}
        value={value.cacheGib}
        onChange={(cacheGib) => onChange({ cacheGib })}
      />
    </Section>
  );
}
