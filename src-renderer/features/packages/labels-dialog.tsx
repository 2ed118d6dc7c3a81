import { useState } from 'react';
import { NativeSelect, Skeleton, TagsInput } from '@mantine/core';
import type { PackageExplanation } from '../../../shared/contract/package-views.ts';
import { packageLabel, packageLimits, packageVersion } from '../../../shared/model/packages.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useWhyNot } from '../../state/why-not.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { tellSuccess } from '../../ui/tell.ts';

const words = texts.packagesScreen;

/** Labels of a package or of the version that is shown. */
export function LabelsDialog(props: {
  readonly explanation: PackageExplanation;
  readonly onClose: () => void;
}) {
  const { ecosystem, name, version } = props.explanation;
  const { value, problem, retry } = useAnswer('labels', () => api.curation.labels(), {
    causes: ['curation'],
  });
  const whyNot = useWhyNot('curation.label');
  const [of, setOf] = useState('');
  const [typed, setTyped] = useState<{ readonly of: string; readonly labels: readonly string[] }>();
  const stored = (value ?? []).find(
    (entry) => entry.ecosystem === ecosystem && entry.name === name && (entry.version ?? '') === of,
  );
  const known = [...new Set((value ?? []).flatMap(({ labels }) => labels))].sort();
  const labels = typed?.of === of ? typed.labels : (stored?.labels ?? []);
  const wrong = labels.every((label) => packageLabel.safeParse(label).success)
    ? undefined
    : texts.policyEditor.fields.labelsWrong;
  const canName = packageVersion.safeParse(version).success;
  const save = async () => {
    await api.curation.label({ ecosystem, name, labels: [...labels], ...(of === '' ? {} : { version: of }) });
    tellSuccess(words.saved(name));
  };
  return (
    <FormOverlay
      title={words.labelsTitle(name)}
      submit={words.save}
      draft={{ typed: typed?.labels.join(' ') ?? '' }}
      missing={whyNot ?? (value === undefined ? texts.parts.missing.loading : wrong)}
      onSubmit={save}
      onClose={props.onClose}
      result={problem !== undefined && <ErrorAlert error={problem} onRetry={retry} />}
    >
      {value === undefined && problem === undefined ? (
        <Skeleton height={80} aria-busy="true" />
      ) : (
        <>
          <NativeSelect
            label={words.labelsOf}
            data={[
              { value: '', label: words.ofPackage },
              ...(canName ? [{ value: version, label: words.ofVersion(version) }] : []),
            ]}
            value={of}
            onChange={(event) => setOf(event.currentTarget.value)}
          />
          <TagsInput
            label={words.labels}
            description={words.labelsHint}
            data={known}
            splitChars={[',', ' ', ';']}
            maxTags={packageLimits.labels}
            acceptValueOnBlur
            value={[...labels]}
            onChange={(next) => setTyped({ of, labels: next.map((label) => label.toLowerCase()) })}
            error={wrong}
          />
        </>
      )}
    </FormOverlay>
  );
}
