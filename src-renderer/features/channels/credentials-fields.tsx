import { NativeSelect, Stack, TextInput } from '@mantine/core';
import type { ChannelForm } from './channel-draft.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { SecretInput } from '../../ui/form/secret-input.tsx';

const words = texts.channels.credentialsFields;

const kinds = [
  { value: 'none', label: words.none },
  { value: 'basic', label: words.userNameAndPassword },
  { value: 'bearer', label: words.bearerToken },
  { value: 'conda-token', label: words.condaTokenT },
] as const;

const isKind = (value: string): value is ChannelForm['credentials'] =>
  value === 'keep' || kinds.some((kind) => kind.value === value);

/** How the gateway signs in at the upstream. What is stored is never shown; it can be replaced or removed. */
export function CredentialsFields(props: {
  readonly form: ChannelForm;
  readonly stored: boolean;
  readonly onChange: (part: Partial<ChannelForm>) => void;
}) {
  const { form, stored, onChange } = props;
  const data = stored
    ? [
        { value: 'keep', label: words.storedKeepAsThey },
        ...kinds.map((kind) => ({
          value: kind.value,
          label: kind.value === 'none' ? words.remove : words.replaceBy(kind.label.toLowerCase()),
        })),
      ]
    : kinds.filter((kind) => form.kind === 'conda' || kind.value !== 'conda-token');
  return (
    <Stack gap="sm">
      <NativeSelect
        label={words.upstreamCredentials}
        description={words.sealedInTheVault}
        data={[...data]}
        value={form.credentials}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (isKind(value)) onChange({ credentials: value, username: '', secret: '' });
        }}
      />
      {form.credentials === 'basic' && (
        <TextInput
          label={words.userName}
          autoComplete="off"
          value={form.username}
          onChange={(event) => onChange({ username: event.currentTarget.value })}
        />
      )}
      {(form.credentials === 'basic' ||
        form.credentials === 'bearer' ||
        form.credentials === 'conda-token') && (
        <SecretInput
          label={form.credentials === 'basic' ? words.password : words.token}
          autoComplete="off"
          value={form.secret}
          onChange={(event) => onChange({ secret: event.currentTarget.value })}
        />
      )}
      {form.credentials === 'conda-token' && (
        <NativeSelect
          label={words.whereTheTokenStands}
          data={[
            { value: 'root', label: words.inFrontOfThe },
            { value: 'last', label: words.inFrontOfThe2 },
          ]}
          value={form.tokenPlace}
          onChange={(event) =>
            onChange({ tokenPlace: event.currentTarget.value === 'last' ? 'last' : 'root' })
          }
        />
      )}
    </Stack>
  );
}
