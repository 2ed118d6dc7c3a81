import { Stack, Switch, TextInput } from '@mantine/core';
import type { FieldProblems } from '../../client/field-problems.ts';
import { FolderField } from '../../ui/form/folder-field.tsx';
import type { Settings } from '../../../shared/contract/settings-views.ts';
import { texts } from '../../../shared/texts/texts.ts';

const words = texts.settings.networkSection;

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
        label={words.trustTheSystemsCertificates}
        description={words.besideThoseThatCome}
        checked={value.useSystemStore}
        onChange={(event) => onChange({ useSystemStore: event.currentTarget.checked })}
      />
      <FolderField
        what="file"
        label={words.caFile}
        description={words.certificatesOfFurtherAuthorities}
        placeholder={words.etcSslCompanyCa}
        value={value.caFile}
        onChange={(caFile) => onChange({ caFile: caFile.trim() })}
        error={at['ca-file']}
      />
      <TextInput
        label={words.proxy}
        description={words.forAllUpstreamsThat}
        placeholder={words.httpProxyCorpExample}
        value={value.proxyUrl}
        onChange={(event) => onChange({ proxyUrl: event.currentTarget.value.trim() })}
        error={at['proxy-url']}
      />
      {value.proxyUrl !== '' && (
        <>
          <TextInput
            label={words.proxyUser}
            autoComplete="off"
            value={value.proxyUser}
            onChange={(event) => onChange({ proxyUser: event.currentTarget.value })}
          />
          {value.proxyUser !== '' && (
            <FolderField
              what="file"
              label={words.fileWithTheProxys}
              description={words.itsFirstLineIs}
              value={value.proxyPasswordFile}
              onChange={(proxyPasswordFile) => onChange({ proxyPasswordFile: proxyPasswordFile.trim() })}
              error={at['proxy-password-file']}
            />
          )}
          <TextInput
            label={words.withoutProxy}
            description={words.hostsHostSuffixEither}
            placeholder={words.corpExample100}
            value={value.noProxy}
            onChange={(event) => onChange({ noProxy: event.currentTarget.value })}
            error={at['no-proxy']}
          />
        </>
      )}
    </Stack>
  );
}
