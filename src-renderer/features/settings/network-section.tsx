import { Stack, Switch, TextInput } from '@mantine/core';
import type { FieldProblems } from '../../client/field-problems.ts';
import { FolderField } from '../../ui/form/folder-field.tsx';
import type { Settings } from '../../../shared/contract/settings-views.ts';

type Network = Settings['network'];

/** How this computer reaches upstreams: a company's proxy and its certificates. */
export function NetworkSection(props: {
  readonly value: Network;
  readonly at: FieldProblems['at'];
  readonly onChange: (part: Partial<Network>) => void;
}) {
  const { value, at, onChange } = props;
  return (
    <Stack gap="md">
      <Switch
        label="Trust the system's certificates"
        description="Beside those that come with Latchkey. A company puts its own there."
        checked={value.useSystemStore}
        onChange={(event) => onChange({ useSystemStore: event.currentTarget.checked })}
      />
      <FolderField
        what="file"
        label="CA file"
        description="Certificates of further authorities (PEM), with the whole path."
        placeholder="/etc/ssl/company-ca.pem"
        value={value.caFile}
        onChange={(caFile) => onChange({ caFile: caFile.trim() })}
        error={at['ca-file']}
      />
      <TextInput
        label="Proxy"
        description="For all upstreams that are not on this computer. Empty: none."
        placeholder="http://proxy.corp.example:3128"
        value={value.proxyUrl}
        onChange={(event) => onChange({ proxyUrl: event.currentTarget.value.trim() })}
        error={at['proxy-url']}
      />
      {value.proxyUrl !== '' && (
        <>
          <TextInput
            label="Proxy user"
            autoComplete="off"
            value={value.proxyUser}
            onChange={(event) => onChange({ proxyUser: event.currentTarget.value })}
          />
          {value.proxyUser !== '' && (
            <FolderField
              what="file"
              label="File with the proxy's password"
              description="Its first line is read; no secret stands in the settings. Make it readable for you alone."
              value={value.proxyPasswordFile}
              onChange={(proxyPasswordFile) => onChange({ proxyPasswordFile: proxyPasswordFile.trim() })}
              error={at['proxy-password-file']}
            />
          )}
          <TextInput
            label="Without proxy"
            description="Hosts (host, .suffix, either with :port) and CIDR blocks, by commas."
            placeholder=".corp.example, 10.0.0.0/8"
            value={value.noProxy}
            onChange={(event) => onChange({ noProxy: event.currentTarget.value })}
            error={at['no-proxy']}
          />
        </>
      )}
    </Stack>
  );
}
