import { useEffect, useState } from 'react';
import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { RestartNow } from '../gateway/restart-now.tsx';
import { useGateway } from '../../state/gateway.ts';
import { useSession } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormFoot } from '../../ui/form/form-foot.tsx';
import { isSame } from '../../ui/form/is-same.ts';
import { NumberField } from '../../ui/form/number-field.tsx';
import { useGuardedForm } from '../../ui/form/use-guarded-form.ts';
import { Page, SkeletonRows } from '../../ui/page.tsx';
import { tellFailure, tellSuccess } from '../../ui/tell.ts';
import type { SettingsDraft } from './settings-draft.ts';
import { fieldsOf, missingOf, ranges, settingsOf } from './settings-draft.ts';
import styles from './settings-screen.module.css';
import { DesktopSecurity } from './desktop-security.tsx';
import { GatewaySection } from './gateway-section.tsx';
import { Section } from './section.tsx';
import { About } from './about.tsx';
import { ChangePassphrase } from './change-passphrase.tsx';
import { CommandLine } from './command-line.tsx';
import { Keychain } from './keychain.tsx';
import { NetworkSection } from './network-section.tsx';
import { VaultSection } from './vault-section.tsx';
import card from '../../ui/card.module.css';
import text from '../../ui/text.module.css';

const words = texts.settings.settingsScreen;

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
    <Page title={words.settings} lead={words.forThisComputerWhat}>
      <div className={styles.columns}>
        {settings === undefined ? (
          <div className={card.card}>
            <SkeletonRows />
          </div>
        ) : (
          <SettingsForm saved={settings} />
        )}
        <div className={card.card}>
          <Section title={words.vault} text={words.theSignedLogThat}>
            <VaultSection />
          </Section>
          <Section title={words.passphrase} text={words.opensTheVaultOn}>
            <ChangePassphrase />
          </Section>
          {isElectron && (
            <Section title={words.unlockWithThisComputer}>
              <Keychain />
            </Section>
          )}
          <Section title={texts.agent.title} text={texts.agent.lead}>
            <CommandLine />
          </Section>
          <Section title={words.about}>
            <About />
          </Section>
        </div>
      </div>
    </Page>
  );
}

function SettingsForm({ saved }: { readonly saved: Settings }) {
  const isElectron = useSession((state) => state.host?.kind === 'electron');
  const gateway = useGateway((state) => state.gateway);
  const [draft, setDraft] = useState<SettingsDraft>(saved);
  const change = (part: Partial<SettingsDraft>) => setDraft((before) => ({ ...before, ...part }));
  const changeGateway = (part: Partial<SettingsDraft['gateway']>) =>
    setDraft((before) => ({ ...before, gateway: { ...before.gateway, ...part } }));
  const isChanged = !isSame(draft, saved);
  const { ref, ...form } = useGuardedForm({
    draft: fieldsOf(draft),
    saved: fieldsOf(saved),
    missing: missingOf(draft) ?? (isChanged ? undefined : texts.parts.missing.changes),
    fields: [
      'gateway-host',
      'port',
      'public-url',
      'trusted-proxies',
      'ca-file',
      'proxy-url',
      'proxy-password-file',
      'no-proxy',
      'feed-url',
    ],
    onSubmit: async () => {
      await useSettings.getState().save(settingsOf(draft));
      tellSuccess(words.savedTheSettings);
      await useGateway.getState().load();
    },
    onDone: () => undefined,
  });
  const { at } = form.problems;

  return (
    <form
      className={card.card}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <div ref={ref}>
        <Section title={words.appearance}>
          <div>
            <div id="color-scheme" className={text.label}>
              {words.colorScheme}
            </div>
            <SegmentedControl
              aria-labelledby="color-scheme"
              value={draft.colorScheme}
              onChange={(value) =>
                change({ colorScheme: value === 'light' || value === 'dark' ? value : 'auto' })
              }
              data={[
                { value: 'auto', label: words.likeTheSystem },
                { value: 'light', label: words.light },
                { value: 'dark', label: words.dark },
              ]}
            />
          </div>
        </Section>
        <Section title={words.security} text={words.whatHappensWhenYou}>
          <NumberField
            label={words.lockAfter}
            suffix={words.minutesWithoutUse}
            {...ranges.idleLockMinutes}
            value={draft.idleLockMinutes}
            onChange={(idleLockMinutes) => change({ idleLockMinutes })}
          />
          <NumberField
            label={words.clearCopiedSecretsAfter}
            description={words.n0KeepsThemUntil}
            suffix={words.seconds}
            {...ranges.clipboardClearSeconds}
            value={draft.clipboardClearSeconds}
            onChange={(clipboardClearSeconds) => change({ clipboardClearSeconds })}
          />
          {isElectron && <DesktopSecurity draft={draft} change={change} />}
        </Section>
        <GatewaySection value={draft.gateway} at={at} onChange={changeGateway} />
        <Section title={words.network} text={words.howTheGatewayIts}>
          <NetworkSection
            value={draft.network}
            at={at}
            onChange={(part) =>
              setDraft((before) => ({ ...before, network: { ...before.network, ...part } }))
            }
          />
        </Section>
        {isElectron && (
          <Section title={words.updates} text={words.offUntilAFeed}>
            <TextInput
              label={words.updateFeed}
              placeholder={words.httpsUpdatesExampleCom}
              error={at['feed-url']}
              value={draft.updates.feedUrl}
              onChange={(event) =>
                change({ updates: { ...draft.updates, feedUrl: event.currentTarget.value.trim() } })
              }
            />
            <NativeSelect
              label={words.updateChannel}
              data={[
                { value: 'latest', label: words.stable },
                { value: 'beta', label: words.beta },
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
      </div>
      <div className={styles.foot}>
        <RestartNow gateway={gateway} />
        {form.unplaced !== undefined && <ErrorAlert error={form.unplaced} />}
        <div className={styles.actions}>
          <FormFoot
            form={form}
            submit={words.saveSettings}
            cancel={words.undo}
            onCancel={isChanged ? () => setDraft(saved) : undefined}
          />
        </div>
      </div>
    </form>
  );
}
