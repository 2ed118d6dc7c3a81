/** Reads MessagePack as its specification says, for tests: nothing of what writes it is used. */
export function unpack(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = (size: number, read: (offset: number) => number | bigint): number | bigint => {
    const value = read(at);
    at += size;
    return value;
  };
  /** As a number where one holds it. */
  const long = (value: bigint): number | bigint =>
    Number.isSafeInteger(Number(value)) ? Number(value) : value;
  const raw = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('Cut');
    at += length;
    return bytes.slice(at - length, at);
  };
  const text = (length: number): string => new TextDecoder('utf-8', { fatal: true }).decode(raw(length));
  const list = (count: number): unknown[] => Array.from({ length: count }, () => value());
  const map = (count: number): Record<string, unknown> => {
    const found: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let index = 0; index < count; index += 1) {
      const key = value() as string;
      if (key in found) throw new Error('A key is there twice');
      found[key] = value();
    }
    return found;
  };
  const length = (size: 1 | 2 | 4): number =>
    Number(
      number(size, (offset) =>
        size === 1 ? view.getUint8(offset) : size === 2 ? view.getUint16(offset) : view.getUint32(offset),
      ),
    );
  function value(): unknown {
    const type = length(1);
    if (type < 0x80) return type;
    if (type < 0x90) return map(type - 0x80);
    if (type < 0xa0) return list(type - 0x90);
    if (type < 0xc0) return text(type - 0xa0);
    if (type >= 0xe0) return type - 0x100;
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return type === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return raw(length((1 << (type - 0xc4)) as 1 | 2 | 4));
      case 0xcb:
        return number(8, (offset) => view.getFloat64(offset));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return length((1 << (type - 0xcc)) as 1 | 2 | 4);
      case 0xcf:
        return number(8, (offset) => long(view.getBigUint64(offset)));
      case 0xd3:
        return number(8, (offset) => long(view.getBigInt64(offset)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return text(length((1 << (type - 0xd9)) as 1 | 2 | 4));
      case 0xdc:
      case 0xdd:
        return list(length((2 << (type - 0xdc)) as 2 | 4));
      case 0xde:
      case 0xdf:
        return map(length((2 << (type - 0xde)) as 2 | 4));
      default:
        throw new Error(`Type ${type}`);
    }
  }
  const found = value();
  if (at !== bytes.length) throw new Error('Bytes after the end');
  return found;
}
