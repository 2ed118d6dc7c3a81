import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import {
  Button,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { RestartNow } from '../gateway/restart-now.tsx';
import { useGateway } from '../../state/gateway.ts';
import { useSession } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Page, SkeletonRows } from '../../ui/page.tsx';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import { About } from './about.tsx';
import { ChangePassphrase } from './change-passphrase.tsx';
import { Keychain } from './keychain.tsx';
import { NetworkSection } from './network-section.tsx';
import { VaultSection } from './vault-section.tsx';

/** How this computer's Latchkey behaves. Nothing here is about the organization. */
export function SettingsScreen() {
  const settings = useSettings((state) => state.settings);
  const load = useSettings((state) => state.load);
  const isElectron = useSession((state) => state.host?.kind === 'electron');
  const loadGateway = useGateway((state) => state.load);
  useEffect(() => {
    load().catch(tellFailure);
    loadGateway().catch(tellFailure);
  }, [load, loadGateway]);
  return (
    <Page title="Settings" lead="For this computer. What belongs to the organization is in the vault.">
      {settings === undefined ? (
        <div className="lk-card">
          <SkeletonRows />
        </div>
      ) : (
        <SettingsForm saved={settings} />
      )}
      <div className="lk-card" style={{ marginTop: 12 }}>
        <Section
          title="Vault"
          text="The signed log that everything is read from. Each line is one change; none is ever rewritten."
        >
          <VaultSection />
        </Section>
        <Section title="Passphrase" text="Opens the vault on this computer. There is no reset.">
          <ChangePassphrase />
        </Section>
        {isElectron && (
          <Section title="Unlock with this computer">
            <Keychain />
          </Section>
        )}
        <Section title="About">
          <About />
        </Section>
      </div>
    </Page>
  );
}

function Section(props: { readonly title: string; readonly text?: string; readonly children: ReactNode }) {
  return (
    <section className="lk-section">
      <div>
        <h2>{props.title}</h2>
        {props.text && <p className="lk-quiet lk-small">{props.text}</p>}
      </div>
      <Stack gap="md">{props.children}</Stack>
    </section>
  );
}

function SettingsForm({ saved }: { readonly saved: Settings }) {
  const isElectron = useSession((state) => state.host?.kind === 'electron');
  const gateway = useGateway((state) => state.gateway);
  const [draft, setDraft] = useState(saved);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const change = (part: Partial<Settings>) => setDraft((before) => ({ ...before, ...part }));
  const changeGateway = (part: Partial<Settings['gateway']>) =>
    setDraft((before) => ({ ...before, gateway: { ...before.gateway, ...part } }));
  const isDirty = JSON.stringify(draft) !== JSON.stringify(saved);

  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await useSettings.getState().save(draft);
      tellSuccess('Saved the settings.');
      await useGateway.getState().load();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      className="lk-card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Section title="Appearance">
        <div>
          <div id="color-scheme" className="lk-label">
            Color scheme
          </div>
          <SegmentedControl
            aria-labelledby="color-scheme"
            value={draft.colorScheme}
            onChange={(value) =>
              change({ colorScheme: value === 'light' || value === 'dark' ? value : 'auto' })
            }
            data={[
              { value: 'auto', label: 'Like the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
      </Section>
      <Section title="Security" text="What happens when you walk away.">
        <NumberInput
          label="Lock after"
          suffix=" minutes without use"
          min={1}
          max={480}
          allowDecimal={false}
          clampBehavior="strict"
          value={draft.idleLockMinutes}
          onChange={(value) => value !== '' && change({ idleLockMinutes: Number(value) })}
        />
        <NumberInput
          label="Clear copied secrets after"
          description="0 keeps them until something else is copied."
          suffix=" seconds"
          min={0}
          max={600}
          allowDecimal={false}
          clampBehavior="strict"
          value={draft.clipboardClearSeconds}
          onChange={(value) => value !== '' && change({ clipboardClearSeconds: Number(value) })}
        />
        {isElectron && <DesktopSecurity draft={draft} change={change} />}
      </Section>
      <Section title="Gateway" text="A new address takes effect when the gateway starts again.">
        <Switch
          label="Start with the vault"
          description="The gateway runs as soon as the vault is unlocked."
          checked={draft.gateway.autoStart}
          onChange={(event) => changeGateway({ autoStart: event.currentTarget.checked })}
        />
        <div style={{ display: 'grid', gridTemplateColumns: '1fr 130px', gap: 12 }}>
          <TextInput
            label="Listen on"
            description="127.0.0.1 is this computer only."
            value={draft.gateway.host}
            onChange={(event) => changeGateway({ host: event.currentTarget.value })}
          />
          <NumberInput
            label="Port"
            description="0 takes any."
            min={0}
            max={65_535}
            allowDecimal={false}
            hideControls
            value={draft.gateway.port}
            onChange={(value) => value !== '' && changeGateway({ port: Number(value) })}
          />
        </div>
        <TextInput
          label="Public URL"
          description="The address in exported configurations, where clients reach the gateway through a proxy or by another name. May include a path."
          placeholder="https://packages.example.com"
          value={draft.gateway.publicUrl}
          onChange={(event) => changeGateway({ publicUrl: event.currentTarget.value.trim() })}
        />
        <TagsInput
          label="Trusted proxies"
          description="Whose X-Forwarded-For is believed, for tokens' networks. Addresses or CIDR blocks; Enter or a comma after each."
          placeholder={draft.gateway.trustedProxies.length === 0 ? '10.0.0.5' : ''}
          splitChars={[',', ' ', ';']}
          maxTags={limits.networks}
          acceptValueOnBlur
          value={draft.gateway.trustedProxies}
          onChange={(trustedProxies) => changeGateway({ trustedProxies })}
        />
        <Switch
          label={texts.gateway.finishDownloads.label}
          description={texts.gateway.finishDownloads.description}
          checked={draft.gateway.finishDownloads}
          onChange={(event) => changeGateway({ finishDownloads: event.currentTarget.checked })}
        />
        <NumberInput
          label={texts.gateway.drainSeconds.label}
          description={texts.gateway.drainSeconds.description}
          suffix={texts.gateway.drainSeconds.unit}
          min={0}
          max={600}
          allowDecimal={false}
          clampBehavior="strict"
          value={draft.gateway.drainSeconds}
          onChange={(value) => value !== '' && changeGateway({ drainSeconds: Number(value) })}
        />
      </Section>
      <Section title="Network" text="How the gateway, its test and updates reach others.">
        <NetworkSection
          value={draft.network}
          onChange={(part) => setDraft((before) => ({ ...before, network: { ...before.network, ...part } }))}
        />
      </Section>
      {isElectron && (
        <Section title="Updates" text="Off until a feed is set.">
          <TextInput
            label="Update feed"
            placeholder="https://updates.example.com/latchkey"
            value={draft.updates.feedUrl}
            onChange={(event) =>
              change({ updates: { ...draft.updates, feedUrl: event.currentTarget.value.trim() } })
            }
          />
          <NativeSelect
            label="Update channel"
            data={[
              { value: 'latest', label: 'Stable' },
              { value: 'beta', label: 'Beta' },
            ]}
            value={draft.updates.channel}
            onChange={(event) =>
              change({
                updates: {
                  ...draft.updates,
                  channel: event.currentTarget.value === 'beta' ? 'beta' : 'latest',
                },
              })
            }
          />
        </Section>
      )}
      <Section title="">
        {error !== undefined && <ErrorAlert error={error} />}
        <RestartNow gateway={gateway} />
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="submit" loading={busy} disabled={!isDirty}>
            Save settings
          </Button>
          {isDirty && (
            <Button variant="subtle" color="gray" onClick={() => setDraft(saved)}>
              Undo
            </Button>
          )}
        </div>
      </Section>
    </form>
  );
}

function DesktopSecurity(props: {
  readonly draft: Settings;
  readonly change: (part: Partial<Settings>) => void;
}) {
  return (
    <>
      <NumberInput
        label="Ask for the passphrase again after"
        description="When the vault is unlocked with this computer’s keychain."
        suffix=" days"
        min={1}
        max={90}
        allowDecimal={false}
        clampBehavior="strict"
        value={props.draft.keychainReaskDays}
        onChange={(value) => value !== '' && props.change({ keychainReaskDays: Number(value) })}
      />
      <Switch
        label="Content protection"
        description="Keeps the window out of screenshots and shared screens, where the system can."
        checked={props.draft.contentProtection}
        onChange={(event) => props.change({ contentProtection: event.currentTarget.checked })}
      />
      <Switch
        label="Close to the tray"
        description="Closing the window leaves the gateway running."
        checked={props.draft.closeToTray}
        onChange={(event) => props.change({ closeToTray: event.currentTarget.checked })}
      />
    </>
  );
}
