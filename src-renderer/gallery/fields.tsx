import { useState } from 'react';
import { FolderField } from '../ui/form/folder-field.tsx';
import { DayField } from '../ui/form/day-field.tsx';
import { FormFoot } from '../ui/form/form-foot.tsx';
import type { TypedNumber } from '../ui/form/number-field.tsx';
import { NumberField } from '../ui/form/number-field.tsx';
import { PassphraseField } from '../ui/form/passphrase-field.tsx';
import { SecretInput } from '../ui/form/secret-input.tsx';
import { PickSeveral } from '../ui/form/pick-several.tsx';
import { SubmitButton } from '../ui/form/submit-button.tsx';
import layout from '../ui/layout.module.css';
import type { NetworksChoice } from '../ui/networks-field.tsx';
import { NetworksField } from '../ui/networks-field.tsx';
import type { Scope } from '../ui/scope-field.tsx';
import { ScopeField } from '../ui/scope-field.tsx';
import { StrengthMeter, useJudgement } from '../ui/strength-meter.tsx';
import { Group, State } from './state.tsx';

const entries = ['dev', 'staging', 'prod'].map((name) => ({ id: name, name }));

/** What is typed and chosen in forms. */
export function Fields() {
  const [port, setPort] = useState<TypedNumber>(99_999);
  const [folder, setFolder] = useState('');
  const [picked, setPicked] = useState<readonly string[]>(['dev']);
  const [day, setDay] = useState<string | null>('2026-12-31');
  const [networks, setNetworks] = useState<NetworksChoice>(['10.20.0.0/99']);
  const [scope, setScope] = useState<Scope<string>>('all');
  const [passphrase, setPassphrase] = useState('Liverpool2024!');
  const [refusal, setRefusal] = useState<object>();
  const judged = useJudgement(passphrase, ['Acme']);
  return (
    <Group title="Fields">
      <State name="A number out of range">
        <NumberField label="Port" least={0} most={65_535} value={port} onChange={setPort} />
      </State>
      <State name="A passphrase, judged and refused">
        <PassphraseField
          label="Passphrase"
          value={passphrase}
          onChange={setPassphrase}
          refusal={refusal}
          problem={refusal === undefined ? undefined : 'That passphrase does not open this vault.'}
        />
        <StrengthMeter judged={judged} />
        <div className={layout.row}>
          <SubmitButton busy={false} blocked={false} onClick={() => setRefusal({})}>
            Refuse it
          </SubmitButton>
        </div>
      </State>
      <State name="A secret of somebody else’s, refused">
        <SecretInput label="Token" autoComplete="off" error="The upstream refuses it." />
      </State>
      <State name="A folder, with the desktop’s dialog">
        <FolderField label="Folder on this computer" value={folder} onChange={setFolder} />
      </State>
      <State name="Several of a list">
        <PickSeveral label="Environments" entries={entries} value={picked} onChange={setPicked} />
      </State>
      <State name="All or chosen ones">
        <ScopeField
          label="Environments"
          of="environments"
          entries={entries}
          value={scope}
          onChange={setScope}
        />
      </State>
      <State name="Networks, one of them wrong">
        <NetworksField
          value={networks}
          hint="Policy prod-tokens asks for networks."
          error="“10.20.0.0/99” has a prefix length over 32."
          onChange={setNetworks}
        />
      </State>
      <State name="A day">
        <DayField label="Last day" value={day} onChange={setDay} clearable />
      </State>
      <State name="Buttons that send">
        <div className={layout.row}>
          <SubmitButton busy={false} blocked={false}>
            Ready
          </SubmitButton>
          <SubmitButton busy blocked={false}>
            Busy
          </SubmitButton>
          <SubmitButton busy={false} blocked>
            Blocked
          </SubmitButton>
          <SubmitButton busy={false} blocked={false} color="red">
            Revoke
          </SubmitButton>
        </div>
      </State>
      <State name="Foot of a form: something is missing, and it was tried">
        <div className={layout.row}>
          <FormFoot
            form={{ busy: false, missing: 'Enter a name.', isTried: true }}
            submit="Create team"
            onCancel={() => undefined}
          />
        </div>
      </State>
    </Group>
  );
}
