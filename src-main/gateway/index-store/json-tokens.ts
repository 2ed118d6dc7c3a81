/** The tokens of JSON (RFC 8259) in bytes that end with a zero. */

/** Where something stands that is not JSON; or where the input ends. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly at: number;

  constructor(at: number) {
    super('Not JSON');
    this.at = at;
  }
}

/** 1 for what stands in a string for itself. */
export const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === 0x22 || byte === 0x5c ? 0 : 1,
);

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function isHex(byte: number | undefined): boolean {
  if (isDigit(byte)) return true;
  const letter = (byte ?? 0) | 0x20;
  return letter >= 0x61 && letter <= 0x66;
}

/** What may stand behind a backslash, but for `u`. */
export const isEscaped = (byte: number | undefined): boolean =>
  byte !== undefined && byte !== 0x75 && '"\\/bfnrt'.includes(String.fromCharCode(byte));

/** After an escape that begins at `from`. @throws Stop */
export function escapeEnd(bytes: Uint8Array, from: number): number {
  const kind = bytes[from + 1];
  if (kind === 0x75) {
    for (let place = from + 2; place < from + 6; place += 1) if (!isHex(bytes[place])) throw new Stop(place);
    return from + 6;
  }
  if (!isEscaped(kind)) throw new Stop(from + 1);
  return from + 2;
}

/** After a number, `true`, `false` or `null`. @throws Stop */
export function literalEnd(bytes: Uint8Array, from: number): number {
  for (const word of ['true', 'false', 'null']) {
    if (bytes[from] !== word.charCodeAt(0)) continue;
    for (let index = 1; index < word.length; index += 1)
      if (bytes[from + index] !== word.charCodeAt(index)) throw new Stop(from);
    return from + word.length;
  }
  let i = bytes[from] === 0x2d ? from + 1 : from;
  i = bytes[i] === 0x30 ? i + 1 : digitsEnd(bytes, i);
  if (bytes[i] === 0x2e) i = digitsEnd(bytes, i + 1);
  if (bytes[i] === 0x65 || bytes[i] === 0x45) {
    const sign = bytes[i + 1];
    i = digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? i + 2 : i + 1);
  }
  return i;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let i = from;
  while (isDigit(bytes[i])) i += 1;
  if (i === from) throw new Stop(from);
  return i;
}

/** A view. */
export const bytesOf = (bytes: Uint8Array, start: number, end: number): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
