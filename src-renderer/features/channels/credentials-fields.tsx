import { NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import type { ChannelForm } from './channel-draft.ts';

const kinds = [
  { value: 'none', label: 'None' },
  { value: 'basic', label: 'User name and password' },
  { value: 'bearer', label: 'Bearer token' },
  { value: 'conda-token', label: 'Conda token (/t/…)' },
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
        { value: 'keep', label: 'Stored (keep as they are)' },
        ...kinds.map((kind) => ({
          value: kind.value,
          label: kind.value === 'none' ? 'Remove' : `Replace by: ${kind.label.toLowerCase()}`,
        })),
      ]
    : kinds.filter((kind) => form.kind === 'conda' || kind.value !== 'conda-token');
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Upstream credentials"
        description="Sealed in the vault, used by the gateway only, never shown again."
        data={[...data]}
        value={form.credentials}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (isKind(value)) onChange({ credentials: value, username: '', secret: '' });
        }}
      />
      {form.credentials === 'basic' && (
        <TextInput
          label="User name"
          autoComplete="off"
          value={form.username}
          onChange={(event) => onChange({ username: event.currentTarget.value })}
        />
      )}
      {(form.credentials === 'basic' ||
        form.credentials === 'bearer' ||
        form.credentials === 'conda-token') && (
        <PasswordInput
          label={form.credentials === 'basic' ? 'Password' : 'Token'}
          autoComplete="off"
          value={form.secret}
          onChange={(event) => onChange({ secret: event.currentTarget.value })}
        />
      )}
      {form.credentials === 'conda-token' && (
        <NativeSelect
          label="Where the token stands"
          data={[
            { value: 'root', label: 'In front of the whole path: /t/<token>/…' },
            { value: 'last', label: 'In front of the last part: …/t/<token>/<channel>' },
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
