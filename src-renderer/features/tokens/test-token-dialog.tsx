import { useState } from 'react';
import { SegmentedControl, Select, Textarea } from '@mantine/core';
import type { Attempt, ConfigKind, DoctorReport } from '../../../shared/contract/doctor-views.ts';
import type { TokenView } from '../../../shared/contract/token-views.ts';
import { texts } from '../../../shared/texts/texts.ts';
import { api } from '../../client/api.ts';
import { cx } from '../../ui/cx.ts';
import { FormOverlay } from '../../ui/form/form-overlay.tsx';
import { SecretInput } from '../../ui/form/secret-input.tsx';
import text from '../../ui/text.module.css';
import { AttemptList } from './attempt-list.tsx';
import { ConfigReport } from './config-report.tsx';

const own = texts.tokenForms.testTokenDialog;

const kinds: readonly { readonly value: ConfigKind | 'any'; readonly label: string }[] = [
  { value: 'any', label: own.byWhatStandsIn },
  { value: 'condarc', label: own.condarc },
  { value: 'pip-conf', label: own.pipConfOrPip },
  { value: 'uv-toml', label: own.uvToml },
  { value: 'netrc', label: own.netrc },
];

type Result = { readonly attempts: readonly Attempt[]; readonly report?: DoctorReport };

/** Whether the holder's token, or the configuration that they have, works. What is pasted is dropped with the dialog. */
export function TestTokenDialog(props: { readonly token: TokenView; readonly onClose: () => void }) {
  const { token } = props;
  const [what, setWhat] = useState<'token' | 'config'>('token');
  const [secret, setSecret] = useState('');
  const [content, setContent] = useState('');
  const [kind, setKind] = useState<ConfigKind | 'any'>('any');
  const [result, setResult] = useState<Result>();

  const test = async () => {
    setResult(undefined);
    const given = secret.trim();
    if (what === 'token') {
      setResult({ attempts: await api.doctor.testToken({ tokenId: token.id, secret: given }) });
      return;
    }
    const report = await api.doctor.examine({
      content,
      ...(kind === 'any' ? {} : { kind }),
      ...(given === '' ? {} : { secret: given }),
    });
    setResult({ attempts: report.attempts, report });
  };
  const words = texts.parts.missing;
  const missing =
    what === 'token'
      ? secret.trim() === ''
        ? words.token
        : undefined
      : content.trim() === ''
        ? words.config
        : undefined;

  return (
    <FormOverlay
      size="lg"
      title={own.testLk(token.id)}
      submit={own.test}
      cancel={texts.parts.close}
      // Nothing of it is kept, so nothing is lost.
      draft={{}}
      missing={missing}
      onSubmit={test}
      onClose={props.onClose}
      keepOpen
      result={
        result !== undefined && (
          <div role="status">
            {result.report && <ConfigReport report={result.report} />}
            <AttemptList attempts={result.attempts} />
          </div>
        )
      }
    >
      <SegmentedControl
        aria-label={own.whatIsTested}
        value={what}
        onChange={(value) => {
          setWhat(value === 'config' ? 'config' : 'token');
          setResult(undefined);
        }}
        data={[
          { value: 'token', label: own.theToken },
          { value: 'config', label: own.aConfiguration },
        ]}
      />
      {what === 'config' && (
        <>
          <Textarea
            label={own.configuration}
            description={own.theTextOfA}
            autosize
            minRows={6}
            maxRows={14}
            spellCheck={false}
            classNames={{ input: cx(text.mono) }}
            value={content}
            onChange={(event) => setContent(event.currentTarget.value)}
          />
          <Select
            label={own.file}
            allowDeselect={false}
            data={kinds.map((entry) => ({ ...entry }))}
            value={kind}
            onChange={(value) => setKind(kinds.find((entry) => entry.value === value)?.value ?? 'any')}
          />
        </>
      )}
      <SecretInput
        label={what === 'token' ? own.token : own.tokenIfTheConfiguration}
        description={own.onlyThisAppsGateway}
        autoComplete="off"
        data-autofocus
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
    </FormOverlay>
  );
}
