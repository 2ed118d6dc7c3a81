import { useState } from 'react';
import { Alert, Progress, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconWriting } from '@tabler/icons-react';
import { judgePassphrase } from '../../../shared/passphrase/judge.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useSession } from '../../state/session.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { SubmitButton } from '../../ui/form/submit-button.tsx';
import { Gate } from '../../ui/gate.tsx';
import { SecretInput } from '../../ui/form/secret-input.tsx';
import text from '../../ui/text.module.css';
import styles from './welcome.module.css';
import { StrengthMeter, useJudgement } from '../../ui/strength-meter.tsx';

const words = texts.welcome.welcome;

/** Makes the organization and its vault. */
export function Welcome() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useForm({
    initialValues: { organizationName: '', operatorName: '', passphrase: '', repeated: '' },
    validate: {
      organizationName: (value) => (value.trim() === '' ? words.organizationMissing : null),
      operatorName: (value) => (value.trim() === '' ? words.nameMissing : null),
      passphrase: (value) => (value === '' ? texts.passphrase.lack({ kind: 'empty' }) : null),
      repeated: (value, values) => (value === values.passphrase ? null : texts.passphrase.differ),
    },
  });
  const { organizationName, operatorName, passphrase } = form.values;
  const judged = useJudgement(passphrase, [organizationName, operatorName]);

  const create = async (values: typeof form.values) => {
    const { lack } = await judgePassphrase(values.passphrase, [values.organizationName, values.operatorName]);
    if (lack !== undefined) {
      form.setFieldError('passphrase', texts.passphrase.lack(lack));
      form.getInputNode('passphrase')?.focus();
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      useSession.getState().set(
        await api.session.create({
          organizationName: values.organizationName.trim(),
          operatorName: values.operatorName.trim(),
          passphrase: values.passphrase,
        }),
      );
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };

  return (
    <Gate headline={words.onePlaceForEvery} text={words.sayWhoMayInstall}>
      <form
        noValidate
        onSubmit={form.onSubmit(
          (values) => void create(values),
          (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
        )}
      >
        <Stack gap="sm">
          <div>
            <Title order={1}>{words.setUpYourOrganization}</Title>
            <p className={text.quiet}>{words.thisMakesANew}</p>
          </div>
          <TextInput
            label={words.organizationName}
            autoFocus
            required
            withAsterisk={false}
            readOnly={busy}
            {...form.getInputProps('organizationName')}
          />
          <TextInput
            label={words.yourName}
            autoComplete="name"
            required
            withAsterisk={false}
            readOnly={busy}
            {...form.getInputProps('operatorName')}
          />
          <div>
            <SecretInput
              label={words.passphrase}
              autoComplete="new-password"
              required
              withAsterisk={false}
              readOnly={busy}
              {...form.getInputProps('passphrase')}
            />
            <StrengthMeter judged={judged} />
          </div>
          <SecretInput
            label={words.repeatPassphrase}
            autoComplete="new-password"
            required
            withAsterisk={false}
            readOnly={busy}
            {...form.getInputProps('repeated')}
          />
          <Alert color="yellow" icon={<IconWriting size={18} />} p="sm">
            {words.thereIsNoReset}
          </Alert>
          {error !== undefined && <ErrorAlert error={error} />}
          <SubmitButton size="md" busy={busy} blocked={false}>
            {words.createOrganization}
          </SubmitButton>
          <div aria-live="polite" className={cx(text.small, text.quiet, styles.hint)}>
            {busy && (
              <>
                <Progress value={100} animated size="xs" mb={6} aria-label={words.makingTheKeys} />
                {words.makingTheKeysThis}
              </>
            )}
          </div>
        </Stack>
      </form>
    </Gate>
  );
}
