import type { ReactNode } from 'react';
import { Checkbox, Group, Stack, Switch, Textarea } from '@mantine/core';
import { packageStatuses } from '../../../shared/model/policy-rules.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { useDirectory } from '../../state/directory.ts';
import { NumberField } from '../../ui/form/number-field.tsx';
import { PickSeveral } from '../../ui/form/pick-several.tsx';
import layout from '../../ui/layout.module.css';
import type { FieldsProps } from './fields-props.ts';
import { bounds, labelsProblem, namesProblem } from './rule-form.ts';
import type { RuleForm } from './rule-form.ts';
import { ListField, TextsField, UnknownField } from './rule-parts.tsx';
import { commonLicenses, subdirs, wheelTags } from './suggestions.ts';
import { VulnerabilityFields } from './vulnerability-fields.tsx';

const words = texts.policyEditor.fields;
const own = texts.policies.policyDialog;

function TokensFields({ fields, onChange }: FieldsProps<'tokens'>) {
  return (
    <>
      <NumberField
        label={own.longestLifetime}
        description={own.leaveEmptyForNo}
        suffix={own.days}
        {...bounds.ttlDays}
        mayBeEmpty
        value={fields.maxTtlDays}
        onChange={(maxTtlDays) => onChange({ maxTtlDays })}
      />
      <Switch
        label={own.sourceNetworksRequired}
        description={own.aTokenMustName}
        checked={fields.networksRequired}
        onChange={(event) => onChange({ networksRequired: event.currentTarget.checked })}
      />
    </>
  );
}

function ChannelsField(props: { readonly label: string } & FieldsProps<'channels'>) {
  const channels = useDirectory((state) => state.channels);
  return (
    <PickSeveral
      label={props.label}
      placeholder={words.anyChannel}
      staysClosed
      entries={channels}
      value={props.fields.channelIds}
      onChange={(channelIds) => props.onChange({ channelIds })}
    />
  );
}

function PackagesFields({ fields, onChange }: FieldsProps<'packages'>) {
  const area = (ecosystem: 'conda' | 'pypi', label: string, hint: string) => (
    <Textarea
      label={label}
      description={hint}
      autosize
      minRows={3}
      maxRows={12}
      spellCheck={false}
      value={fields[ecosystem]}
      onChange={(event) => onChange({ [ecosystem]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <ListField value={fields.list} onChange={(list) => onChange({ list })} />
      <div className={layout.pair}>
        {area('conda', words.conda, words.condaHint)}
        {area('pypi', words.pypi, words.pypiHint)}
      </div>
    </>
  );
}

function LicensesFields({ fields, onChange }: FieldsProps<'licenses'>) {
  return (
    <>
      <ListField value={fields.list} onChange={(list) => onChange({ list })} />
      <TextsField
        label={words.licenses}
        description={words.licensesHint}
        placeholder={commonLicenses[0]}
        suggestions={commonLicenses}
        value={fields.ids}
        onChange={(ids) => onChange({ ids })}
      />
      <UnknownField
        label={words.unknownLicense}
        value={fields.unknown}
        onChange={(unknown) => onChange({ unknown })}
      />
    </>
  );
}

function AgeFields({ fields, onChange }: FieldsProps<'age'>) {
  return (
    <div className={layout.pair}>
      <NumberField
        label={words.minDays}
        description={words.minDaysHint}
        suffix={words.days}
        {...bounds.days}
        value={fields.minDays}
        onChange={(minDays) => onChange({ minDays })}
      />
      <UnknownField
        label={words.unknownAge}
        value={fields.unknown}
        onChange={(unknown) => onChange({ unknown })}
      />
    </div>
  );
}

function StatusFields({ fields, onChange }: FieldsProps<'status'>) {
  return (
    <>
      <Checkbox.Group
        label={words.denied}
        value={[...fields.denied]}
        onChange={(value) => onChange({ denied: packageStatuses.filter((status) => value.includes(status)) })}
      >
        <Group gap="md" mt={6}>
          {packageStatuses.map((status) => (
            <Checkbox key={status} value={status} label={words.packageStatuses[status]} />
          ))}
        </Group>
      </Checkbox.Group>
      <div className={layout.pair}>
        <NumberField
          label={words.superseded}
          description={words.emptyOff}
          suffix={words.days}
          {...bounds.days}
          mayBeEmpty
          value={fields.supersededAfterDays}
          onChange={(supersededAfterDays) => onChange({ supersededAfterDays })}
        />
        <NumberField
          label={words.silent}
          description={words.emptyOff}
          suffix={words.years}
          {...bounds.years}
          mayBeEmpty
          value={fields.silentYears}
          onChange={(silentYears) => onChange({ silentYears })}
        />
      </div>
    </>
  );
}

function PlatformFields({ fields, onChange }: FieldsProps<'platform'>) {
  return (
    <>
      <div className={layout.pair}>
        <TextsField
          label={words.subdirs}
          description={words.subdirsHint}
          placeholder={subdirs[1]}
          suggestions={subdirs}
          value={fields.subdirs}
          onChange={(value) => onChange({ subdirs: value })}
        />
        <TextsField
          label={words.wheelTags}
          description={words.wheelTagsHint}
          placeholder={wheelTags[1]}
          suggestions={wheelTags}
          value={fields.wheelTags}
          onChange={(value) => onChange({ wheelTags: value })}
        />
      </div>
      <Switch
        label={words.sdists}
        description={words.sdistsHint}
        checked={fields.sdists === 'deny'}
        onChange={(event) => onChange({ sdists: event.currentTarget.checked ? 'deny' : 'allow' })}
      />
    </>
  );
}

function LabelsFields({ fields, onChange }: FieldsProps<'labels'>) {
  return (
    <div className={layout.pair}>
      <TextsField
        label={words.required}
        description={words.labelsHint}
        isLower
        value={fields.required}
        onChange={(required) => onChange({ required })}
        error={labelsProblem(fields.required)}
      />
      <TextsField
        label={words.deniedLabels}
        description={words.labelsHint}
        isLower
        value={fields.denied}
        onChange={(denied) => onChange({ denied })}
        error={labelsProblem(fields.denied)}
      />
    </div>
  );
}

function NamespaceFields({ fields, onChange }: FieldsProps<'namespace'>) {
  return (
    <>
      <TextsField
        label={words.names}
        description={words.namesHint}
        isLower
        value={fields.names}
        onChange={(names) => onChange({ names })}
        error={namesProblem(fields.names)}
      />
      <ChannelsField label={words.onlyFrom} fields={fields} onChange={onChange} />
    </>
  );
}

/** The fields of one rule. */
export function RuleFields(props: {
  readonly form: RuleForm;
  readonly onChange: (form: RuleForm) => void;
}): ReactNode {
  const { form } = props;
  const change = (part: object) =>
    props.onChange({ ...form, fields: { ...form.fields, ...part } } as RuleForm);
  const inner = () => {
    switch (form.type) {
      case 'tokens':
        return <TokensFields fields={form.fields} onChange={change} />;
      case 'channels':
        return <ChannelsField label={words.channels} fields={form.fields} onChange={change} />;
      case 'packages':
        return <PackagesFields fields={form.fields} onChange={change} />;
      case 'vulnerabilities':
        return <VulnerabilityFields fields={form.fields} onChange={change} />;
      case 'malware':
        return (
          <UnknownField
            label={words.noFacts}
            value={form.fields.noFacts}
            onChange={(noFacts) => change({ noFacts })}
          />
        );
      case 'licenses':
        return <LicensesFields fields={form.fields} onChange={change} />;
      case 'age':
        return <AgeFields fields={form.fields} onChange={change} />;
      case 'status':
        return <StatusFields fields={form.fields} onChange={change} />;
      case 'platform':
        return <PlatformFields fields={form.fields} onChange={change} />;
      case 'labels':
        return <LabelsFields fields={form.fields} onChange={change} />;
      case 'namespace':
        return <NamespaceFields fields={form.fields} onChange={change} />;
      case 'satisfiable':
        return <p>{words.satisfiable}</p>;
    }
  };
  return <Stack gap="md">{inner()}</Stack>;
}
