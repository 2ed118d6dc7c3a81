import { rangeOf } from './address-range.ts';

/** Whether what is sent there cannot be read on the way: https, or this computer. */
export function isSecretWay({ protocol, hostname }: URL): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return protocol === 'https:' || address === 'localhost' || rangeOf(address) === 'loopback';
}
