import { useState } from 'react';
import { NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import type { AdvisoryRow } from '../../../shared/contract/curation-views.ts';
import { limits } from '../../../shared/model/domain.ts';
import {
  curatedStatuses,
  packageLimits,
  packageVersion,
  vexJustification,
} from '../../../shared/model/packages.ts';
import type { CuratedStatus, VexJustification } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';

const words = texts.curation.assess;

/** What people found out about one advisory or several: status, why, and what shows it. */
export function AssessDialog(props: {
  readonly rows: readonly AdvisoryRow[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { rows } = props;
  const [first] = rows;
  const isOne = rows.length === 1;
  const [status, setStatus] = useState<CuratedStatus>((isOne ? first?.status : undefined) ?? 'active');
  const [justification, setJustification] = useState<VexJustification>();
  const [reason, setReason] = useState('');
  const [evidence, setEvidence] = useState('');
  const [version, setVersion] = useState('');
  const whyNot = useWhyNot('curation.assess');
  const badVersion =
    version.trim() === '' || packageVersion.safeParse(version.trim()).success
      ? undefined
      : texts.grammar.capital(`${words.version} ${words.badVersion}.`);
  // Of a package that is not affected (OpenVEX).
  const isJustified = status === 'cleared' || status === 'mitigated';
  const save = async () => {
    await api.curation.assess({
      assessments: rows.map(({ id, ecosystem, name }) => ({
        advisoryId: id,
        ecosystem,
        name,
        status,
        reason: reason.trim(),
        evidence: evidence.trim(),
        ...(isJustified && justification !== undefined ? { justification } : {}),
        ...(isOne && version.trim() !== '' ? { version: version.trim() } : {}),
      })),
    });
    tellSuccess(words.done(rows.length));
    props.onDone();
  };
  return (
    <FormOverlay
      title={words.title(rows.length)}
      submit={words.submit(rows.length)}
      draft={{ status, justification, reason, evidence, version }}
      missing={whyNot ?? (reason.trim() === '' ? texts.parts.missing.reason : badVersion)}
      onSubmit={save}
      onClose={props.onClose}
    >
      <p>{isOne && first !== undefined ? `${first.id} · ${first.name}` : words.concerns(rows.length)}</p>
      <Radio.Group
        label={words.status}
        value={status}
        onChange={(value) => setStatus(curatedStatuses.find((one) => one === value) ?? status)}
      >
        <Stack gap={8} mt={6}>
          {curatedStatuses.map((one) => (
            <Radio
              key={one}
              value={one}
              label={texts.policyEditor.statuses[one]}
              description={words.says[one]}
            />
          ))}
        </Stack>
      </Radio.Group>
      {isJustified && (
        <NativeSelect
          label={words.justification}
          data={[
            { value: '', label: words.noJustification },
            ...vexJustification.options.map((value) => ({ value, label: words.justifications[value] })),
          ]}
          value={justification ?? ''}
          onChange={(event) => {
            const parsed = vexJustification.safeParse(event.currentTarget.value);
            setJustification(parsed.success ? parsed.data : undefined);
          }}
        />
      )}
      <TextInput
        label={words.reason}
        description={words.reasonHint}
        maxLength={limits.reasonChars}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Textarea
        label={words.evidence}
        description={words.evidenceHint}
        maxLength={packageLimits.evidenceChars}
        autosize
        minRows={2}
        maxRows={6}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value.replaceAll('\n', ' '))}
      />
      {isOne && (
        <TextInput
          label={words.version}
          description={words.versionHint}
          maxLength={packageLimits.versionChars}
          value={version}
          onChange={(event) => setVersion(event.currentTarget.value)}
          error={badVersion}
        />
      )}
    </FormOverlay>
  );
}
