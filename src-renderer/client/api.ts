import { createClient } from '../../shared/contract/client.ts';
import { findMethod } from '../../shared/contract/types.ts';
import { fromWireError } from '../../shared/errors.ts';
import { findBridge } from './bridge.ts';

const bridge = findBridge();

/** Others that answer so have a dialog of their own: they take the passphrase with the call, or run before the vault is open. */
const isAskedAgain = (method: string): boolean => {
  const stepUp = findMethod(method)?.stepUp;
  return stepUp !== undefined && stepUp !== 'passphrase-in-input';
};

type AskPassphrase = (message: string) => Promise<boolean>;
let askPassphrase: AskPassphrase = async () => false;

/** Says how a person is asked for the passphrase; called once, at start. */
export function setPassphraseAsker(ask: AskPassphrase): void {
  askPassphrase = ask;
}

/**
 * Everything that the UI can do. Refusals are thrown as LatchkeyError. Where main wants the passphrase once more for a
 * dangerous act, the person is asked and the call is made again.
 */
export const api = createClient(async (method, input) => {
  const result = await bridge.invoke(method, input);
  if (result.ok || result.error.code !== 'PASSPHRASE_REQUIRED' || !isAskedAgain(method)) return result;
  const confirmed = await askPassphrase(fromWireError(result.error).message);
  return confirmed ? bridge.invoke(method, input) : result;
});

/** Events of the host; returns the function that ends the subscription. */
export const onHostEvent = bridge.on;

/** Calls back whenever the host's events begin to flow, the first time and after a lost connection. */
export const onHostConnected = bridge.onConnected;

/** Calls back when this page is not signed in to the browser host (any more), with the reason. */
export const onSignedOut = bridge.onSignedOut;

/** Calls back when the host stops answering at all, and when it answers again. */
export const onHostReachable = bridge.onReachable;
