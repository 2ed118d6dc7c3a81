import { useState } from 'react';
import { Alert, PasswordInput, Progress, Stack, TextInput, Title } from '@mantine/core';
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
import text from '../../ui/text.module.css';
import styles from './welcome.module.css';
import { StrengthMeter, useJudgement } from '../../ui/strength-meter.tsx';

/** Makes the organization and its vault. */
export function Welcome() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useForm({
    initialValues: { organizationName: '', operatorName: '', passphrase: '', repeated: '' },
    validate: {
      organizationName: (value) => (value.trim() === '' ? 'Give your organization’s name.' : null),
      operatorName: (value) =>
        value.trim() === '' ? 'Give your name; it is recorded with everything you change.' : null,
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
    <Gate
      headline="One place for every install token."
      text="Say who may install which packages, from which channels, in which environment, until when. The gateway enforces it for conda, pixi, pip and uv as they are."
    >
      <form
        noValidate
        onSubmit={form.onSubmit(
          (values) => void create(values),
          (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
        )}
      >
        <Stack gap="sm">
          <div>
            <Title order={1}>Set up your organization</Title>
            <p className={text.quiet}>This makes a new, encrypted vault on this computer.</p>
          </div>
          <TextInput
            label="Organization name"
            autoFocus
            required
            withAsterisk={false}
            readOnly={busy}
            {...form.getInputProps('organizationName')}
          />
          <TextInput
            label="Your name"
            autoComplete="name"
            required
            withAsterisk={false}
            readOnly={busy}
            {...form.getInputProps('operatorName')}
          />
          <div>
            <PasswordInput
              label="Passphrase"
              autoComplete="new-password"
              required
              withAsterisk={false}
              readOnly={busy}
              {...form.getInputProps('passphrase')}
            />
            <StrengthMeter judged={judged} />
          </div>
          <PasswordInput
            label="Repeat passphrase"
            autoComplete="new-password"
            required
            withAsterisk={false}
            readOnly={busy}
            {...form.getInputProps('repeated')}
          />
          <Alert color="yellow" icon={<IconWriting size={18} />} p="sm">
            There is no reset. Without this passphrase nobody can open the vault, not even us. Write it down
            and keep it where you keep other keys.
          </Alert>
          {error !== undefined && <ErrorAlert error={error} />}
          <SubmitButton size="md" busy={busy} blocked={false}>
            Create organization
          </SubmitButton>
          <div aria-live="polite" className={cx(text.small, text.quiet, styles.hint)}>
            {busy && (
              <>
                <Progress value={100} animated size="xs" mb={6} aria-label="Making the keys" />
                Making the keys. This takes a second or two, so that guessing the passphrase is slow.
              </>
            )}
          </div>
        </Stack>
      </form>
    </Gate>
  );
}
