/**
 * AssemblyScript: scans the entries of a container of an index (`packages`, …) in one pass over their bytes, with SIMD.
 * `npm run wasm` compiles it into src-main/gateway/index-store/entries-bytes.ts. Twin of
 * src-main/gateway/index-store/entries-scan.ts, which says what each function does; both write the same rows.
 * Invariant: what it takes is JSON by the letter of RFC 8259; the bytes end with 64 zeros, which are JSON nowhere, so that
 * no loop runs over the end. What is wrong ends in a trap, with its place in `errAt`.
 */
const none: u32 = 0xffffffff;
const maxDepth: i32 = 512;
const rowBytes: usize = 64;
const maxKeys: i32 = 64;

/** Flags of a row (entries-scan.ts). */
const odd: u32 = 1;
const hasIndexed: u32 = 2;
const hasBuilt: u32 = 4;

export let errAt: u32 = 0;
/** Rows that were written, where the first entry begins that is not over, and whether the container is closed. */
export let rowCount: u32 = 0;
export let resumeAt: u32 = 0;
export let isClosed: u32 = 0;
/** Of the last hash. */
export let low: u32 = 0;
export let high: u32 = 0;

let subdirAt: usize = 0;
let subdirEnd: usize = 0;
let suffixAt: usize = 0;
let suffixEnd: usize = 0;
let scratch: usize = 0;
let key0: u64 = 0;
let key1: u64 = 0;
let sawEscape: bool = false;

function die(i: usize): void {
  errAt = <u32>i;
  unreachable();
}

/** Where the next byte is that ends or breaks a run of ordinary ones: a quote, a backslash or a control character. */
function run(i: usize): usize {
  for (;;) {
    const v = v128.load(i);
    const m = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
        i8x16.lt_u(v, i8x16.splat(0x20)),
      ),
    );
    if (m != 0) return i + ctz(m);
    i += 16;
  }
  return 0;
}

function isHex(c: u32): bool {
  return c - 0x30 < 10 || (c | 0x20) - 0x61 < 6;
}

/** @param i after the opening quote; returns the place of the closing one */
function str(i: usize): usize {
  for (;;) {
    i = run(i);
    const c: u32 = load<u8>(i);
    if (c == 0x22) return i;
    if (c != 0x5c) die(i);
    i = escape(i);
  }
  return 0;
}

function escape(i: usize): usize {
  sawEscape = true;
  const c: u32 = load<u8>(i + 1);
  if (c == 0x75) {
    for (let k: usize = 2; k < 6; k++) if (!isHex(load<u8>(i + k))) die(i + k);
    return i + 6;
  }
  if (!(c == 0x22 || c == 0x5c || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74))
    die(i + 1);
  return i + 2;
}

function ws(i: usize): usize {
  let c: u32 = load<u8>(i);
  while (c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09) c = load<u8>(++i);
  return i;
}

function digits(i: usize): usize {
  if (<u32>load<u8>(i) - 0x30 > 9) die(i);
  do i++;
  while (<u32>load<u8>(i) - 0x30 < 10);
  return i;
}

function num(i: usize): usize {
  let c: u32 = load<u8>(i);
  if (c == 0x2d) c = load<u8>(++i);
  if (c == 0x30) i++;
  else i = digits(i);
  c = load<u8>(i);
  if (c == 0x2e) {
    i = digits(i + 1);
    c = load<u8>(i);
  }
  if ((c | 0x20) == 0x65) {
    c = load<u8>(i + 1);
    i = digits(c == 0x2b || c == 0x2d ? i + 2 : i + 1);
  }
  return i;
}

function lit(i: usize): usize {
  const w = load<u32>(i);
  if (w == 0x65757274 || w == 0x6c6c756e) return i + 4;
  if (w == 0x736c6166 && load<u8>(i + 4) == 0x65) return i + 5;
  return num(i);
}

function val(i: usize, depth: i32): usize {
  const c: u32 = load<u8>(i);
  if (c == 0x22) return str(i + 1) + 1;
  if (c == 0x5b) {
    if (depth >= maxDepth) die(i);
    i = ws(i + 1);
    if (load<u8>(i) == 0x5d) return i + 1;
    for (;;) {
      i = ws(load<u8>(i) == 0x22 ? str(i + 1) + 1 : val(i, depth + 1));
      const d: u32 = load<u8>(i);
      if (d == 0x5d) return i + 1;
      if (d != 0x2c) die(i);
      i = ws(i + 1);
    }
  }
  if (c == 0x7b) {
    if (depth >= maxDepth) die(i);
    i = ws(i + 1);
    if (load<u8>(i) == 0x7d) return i + 1;
    for (;;) {
      if (load<u8>(i) != 0x22) die(i);
      i = ws(str(i + 1) + 1);
      if (load<u8>(i) != 0x3a) die(i);
      i = ws(val(ws(i + 1), depth + 1));
      const d: u32 = load<u8>(i);
      if (d == 0x7d) return i + 1;
      if (d != 0x2c) die(i);
      i = ws(i + 1);
    }
  }
  return lit(i);
}

/** Passes over one value at `i`, of which `depth` containers are around it. */
export function value(i: usize, depth: i32): usize {
  return val(i, depth);
}

function first8(s: usize, e: usize): u64 {
  const length = e - s;
  return length >= 8 ? load<u64>(s) : load<u64>(s) & (((<u64>1) << (length << 3)) - 1);
}

function same(s: usize, e: usize, t: usize, u: usize): bool {
  if (e - s != u - t) return false;
  while (s + 8 <= e) {
    if (load<u64>(s) != load<u64>(t)) return false;
    s += 8;
    t += 8;
  }
  return first8(s, e) == first8(t, u);
}

/** SipHash-2-4 (documents/name-hash.ts) of [s, e), and [t, u) behind it. */
function sip(s: usize, e: usize, t: usize, u: usize): void {
  // Together in one place: it is short.
  const length = e - s + (u - t);
  if (u > t) {
    memory.copy(scratch, s, e - s);
    memory.copy(scratch + (e - s), t, u - t);
    s = scratch;
  }
  let a = key0 ^ 0x736f6d6570736575;
  let b = key1 ^ 0x646f72616e646f6d;
  let c = key0 ^ 0x6c7967656e657261;
  let d = key1 ^ 0x7465646279746573;
  const blocks = (length >> 3) + 1;
  for (let block: usize = 0; block <= blocks; block++) {
    let m: u64 = 0;
    let rounds = 2;
    if (block < blocks) {
      const at = s + (block << 3);
      const left = length - (block << 3);
      if (left >= 8) m = load<u64>(at);
      else m = (load<u64>(at) & (((<u64>1) << (left << 3)) - 1)) | ((<u64>length) << 56);
      d ^= m;
    } else {
      c ^= 0xff;
      rounds = 4;
    }
    for (; rounds > 0; rounds--) {
      a += b;
      b = rotl<u64>(b, 13) ^ a;
      a = rotl<u64>(a, 32);
      c += d;
      d = rotl<u64>(d, 16) ^ c;
      a += d;
      d = rotl<u64>(d, 21) ^ a;
      c += b;
      b = rotl<u64>(b, 17) ^ c;
      c = rotl<u64>(c, 32);
    }
    if (block < blocks) a ^= m;
  }
  const h = a ^ b ^ c ^ d;
  low = <u32>h;
  high = <u32>(h >> 32);
}

export function hash(s: usize, e: usize): void {
  sip(s, e, 0, 0);
}

function mixed(s: usize, e: usize): u32 {
  let h: u64 = key0 ^ (e - s);
  while (s + 8 <= e) {
    h = (h ^ load<u64>(s)) * 0xff51afd7ed558ccd;
    h ^= h >> 32;
    s += 8;
  }
  h = (h ^ first8(s, e)) * 0xff51afd7ed558ccd;
  h ^= h >> 32;
  h *= 0xc4ceb9fe1a85ec53;
  return <u32>(h >> 32);
}

/**
 * Texts as numbers. A table at `t`: count, mask, place of its slots (hash, number + 1), of its entries (where, length,
 * whether it is odd, 0), of the end of the texts' bytes; the host keeps room for one call (entries-wasm.ts).
 */
function internAt(t: usize, s: usize, e: usize): usize {
  const h = mixed(s, e);
  const mask = load<u32>(t + 4);
  const slots = <usize>load<u32>(t + 8);
  const entries = <usize>load<u32>(t + 12);
  let k = h & mask;
  for (;;) {
    const slot = slots + ((<usize>k) << 3);
    const v = load<u32>(slot + 4);
    if (v == 0) {
      const count = load<u32>(t);
      const top = <usize>load<u32>(t + 16);
      memory.copy(top, s, e - s);
      store<u32>(t + 16, <u32>(top + (e - s)));
      store<u32>(t, count + 1);
      store<u32>(slot, h);
      store<u32>(slot + 4, count + 1);
      const entry = entries + ((<usize>count) << 4);
      store<u32>(entry, <u32>top);
      store<u32>(entry + 4, <u32>(e - s));
      store<u32>(entry + 8, isOddName(s, e) ? 1 : 0);
      store<u32>(entry + 12, h);
      return entry;
    }
    if (load<u32>(slot) == h) {
      const entry = entries + ((<usize>(v - 1)) << 4);
      const at = <usize>load<u32>(entry);
      if (same(s, e, at, at + load<u32>(entry + 4))) return entry;
    }
    k = (k + 1) & mask;
  }
  return 0;
}

/** The number of a text. */
export function intern(t: usize, s: usize, e: usize): u32 {
  return <u32>((internAt(t, s, e) - load<u32>(t + 12)) >> 4);
}

/** Puts the slots of a table into larger ones, which are empty. */
export function widen(t: usize, slots: usize, mask: u32): void {
  const entries = <usize>load<u32>(t + 12);
  const count = load<u32>(t);
  for (let index: u32 = 0; index < count; index++) {
    const h = load<u32>(entries + ((<usize>index) << 4) + 12);
    let k = h & mask;
    while (load<u32>(slots + ((<usize>k) << 3) + 4) != 0) k = (k + 1) & mask;
    store<u32>(slots + ((<usize>k) << 3), h);
    store<u32>(slots + ((<usize>k) << 3) + 4, index + 1);
  }
  store<u32>(t + 4, mask);
  store<u32>(t + 8, <u32>slots);
}

/** A name that is not in lower case, or not in ASCII. */
function isOddName(s: usize, e: usize): bool {
  for (; s < e; s++) {
    const c: u32 = load<u8>(s);
    if (c >= 0x80 || c - 0x41 < 26) return true;
  }
  return false;
}

/** What the file's name is made of: `<name>-<version>-<build>` and what follows in `key`. */
function isNamed(s: usize, e: usize, row: usize): bool {
  let at = s;
  for (let part: usize = 0; part < 3; part++) {
    const from = <usize>load<u32>(row + 20 + (part << 3));
    const to = <usize>load<u32>(row + 24 + (part << 3));
    if (at + (to - from) > e || !same(at, at + (to - from), from, to)) return false;
    at += to - from;
    if (part < 2 && load<u8>(at++) != 0x2d) return false;
  }
  // Of `.conda` and `.tar.bz2` the suffix of the container stays.
  if (suffixEnd > suffixAt) return at == e;
  const rest = e - at;
  if (rest == 6) return load<u32>(at) == 0x6e6f632e && load<u16>(at + 4) == 0x6164;
  return rest == 8 && load<u64>(at) == 0x327a622e7261742e;
}

/** A time of plain digits; less than 0 for anything else. */
function time(s: usize, e: usize): f64 {
  if (e - s > 15 || e == s) return -1;
  let sum: u64 = 0;
  for (; s < e; s++) {
    const c: u32 = <u32>load<u8>(s) - 0x30;
    if (c > 9) return -1;
    sum = sum * 10 + c;
  }
  // Seconds, as conda-build wrote them until 2016.
  return <f64>(sum < 100000000000 ? sum * 1000 : sum);
}

/**
 * The record at `i` of the file [ks, ke). A row: 0 key, 4 its end, 8 value, 12 its end, 16 flags, 20–40 name, version and
 * build as they stand there (later 20 name's number, 24 version's, 28 licence's, 32 and 36 the hash), 44 commas,
 * 48 indexed, 56 built. Licence: in locals.
 */
function record(
  i: usize,
  ks: usize,
  ke: usize,
  row: usize,
  names: usize,
  versions: usize,
  licenses: usize,
): usize {
  let flags = load<u32>(row + 16);
  store<u32>(row + 20, none);
  store<u32>(row + 28, none);
  store<u32>(row + 36, none);
  let ls: usize = 0;
  let le: usize = 0;
  let count = 0;
  let seen: u64 = 0;
  i = ws(i + 1);
  if (load<u8>(i) == 0x7d) {
    i++;
    flags |= odd;
  } else {
    for (;;) {
      if (load<u8>(i) != 0x22) die(i);
      const s = i + 1;
      sawEscape = false;
      const e = str(s);
      if (sawEscape) flags |= odd;
      const length = e - s;
      const head = first8(s, e);
      const tail = length > 8 ? load<u64>(e - 8) : 0;
      const h = (head ^ (tail * 0xff51afd7ed558ccd) ^ length) * 0x9e3779b97f4a7c15;
      const bit = (<u64>1) << (h >> 58);
      if (count < maxKeys) {
        if (seen & bit)
          for (let k = 0; k < count; k++) if (load<u64>(scratch + ((<usize>k) << 3)) == h) flags |= odd;
        store<u64>(scratch + ((<usize>count) << 3), h);
      } else flags |= odd;
      seen |= bit;
      count++;
      i = e + 1;
      if (load<u8>(i) != 0x3a) {
        i = ws(i);
        if (load<u8>(i) != 0x3a) die(i);
      }
      i = ws(i + 1);
      const vs = i;
      if (load<u8>(i) == 0x22) {
        sawEscape = false;
        i = str(i + 1);
        // A text that decides.
        let place: usize = 0;
        if (length == 4 && head == 0x656d616e) place = 20;
        else if (length == 7 && head == 0x6e6f6973726576) place = 28;
        else if (length == 5 && head == 0x646c697562) place = 36;
        if (place != 0) {
          if (sawEscape) flags |= odd;
          store<u32>(row + place, <u32>(vs + 1));
          store<u32>(row + place + 4, <u32>i);
        } else if (length == 7 && head == 0x65736e6563696c) {
          if (sawEscape || i - vs > 4096) flags |= odd;
          ls = vs + 1;
          le = i;
        } else if (length == 6 && head == 0x726964627573) {
          if (!same(vs + 1, i, subdirAt, subdirEnd)) flags |= odd;
        } else if (length == 2 && head == 0x6e66) {
          const middle = vs + 1 + (ke - ks);
          if (middle > i || !same(vs + 1, middle, ks, ke) || !same(middle, i, suffixAt, suffixEnd))
            flags |= odd;
        } else if (isTime(s, length, head)) flags |= odd;
        i++;
      } else {
        i = val(i, 3);
        if (length == 4 && head == 0x656d616e) flags |= odd;
        else if (length == 7 && (head == 0x6e6f6973726576 || head == 0x65736e6563696c)) flags |= odd;
        else if (length == 5 && head == 0x646c697562) flags |= odd;
        else if (length == 6 && head == 0x726964627573) flags |= odd;
        else if (length == 2 && head == 0x6e66) flags |= odd;
        else if (isTime(s, length, head)) {
          const at = time(vs, i);
          if (at < 0) flags |= odd;
          if (length == 9) {
            flags |= hasBuilt;
            store<f64>(row + 56, at);
          } else {
            flags |= hasIndexed;
            store<f64>(row + 48, at);
          }
        }
      }
      if (<u32>load<u8>(i) <= 0x20) i = ws(i);
      const d: u32 = load<u8>(i);
      if (d == 0x7d) {
        i++;
        break;
      }
      if (d != 0x2c) die(i);
      i++;
      if (<u32>load<u8>(i) <= 0x20) i = ws(i);
    }
  }
  store<u32>(row + 44, <u32>count - 1);
  if (
    !(flags & odd) &&
    (load<u32>(row + 20) == none || load<u32>(row + 28) == none || load<u32>(row + 36) == none)
  )
    flags |= odd;
  if (!(flags & odd) && !isNamed(ks, ke, row)) flags |= odd;
  if (!(flags & odd)) {
    const name = internAt(names, load<u32>(row + 20), load<u32>(row + 24));
    if (load<u32>(name + 8) != 0) flags |= odd;
    else {
      const version = intern(versions, load<u32>(row + 28), load<u32>(row + 32));
      store<u32>(row + 20, <u32>((name - load<u32>(names + 12)) >> 4));
      store<u32>(row + 24, version);
      store<u32>(row + 28, ls == 0 ? none : intern(licenses, ls, le));
      sip(ks, ke, suffixAt, suffixEnd);
      store<u32>(row + 32, low);
      store<u32>(row + 36, high);
    }
  }
  store<u32>(row + 16, flags);
  return i;
}

function isTime(s: usize, length: usize, head: u64): bool {
  if (length == 9) return head == 0x6d617473656d6974 && load<u8>(s + 8) == 0x70;
  return (
    length == 17 &&
    head == 0x5f64657865646e69 &&
    load<u64>(s + 8) == 0x6d617473656d6974 &&
    load<u8>(s + 16) == 0x70
  );
}

/** @param room for 4 kB */
export function begin(room: usize, key: usize): void {
  scratch = room;
  key0 = load<u64>(key);
  key1 = load<u64>(key + 8);
}

/** Where the subdir stands that records must be of, and what the container's keys lack of the files' names. */
export function place(subdir: usize, subdirLength: usize, suffix: usize, suffixLength: usize): void {
  subdirAt = subdir;
  subdirEnd = subdir + subdirLength;
  suffixAt = suffix;
  suffixEnd = suffix + suffixLength;
}

/**
 * Entries from `i`, with blanks and a comma before the first unless it `isFirst`; as many as there is room for at `row`.
 */
export function entries(
  i: usize,
  isFirst: u32,
  row: usize,
  maxRows: u32,
  names: usize,
  versions: usize,
  licenses: usize,
): void {
  rowCount = 0;
  isClosed = 0;
  resumeAt = <u32>i;
  for (;;) {
    i = ws(i);
    let c: u32 = load<u8>(i);
    if (c == 0x7d) {
      isClosed = 1;
      resumeAt = <u32>(i + 1);
      return;
    }
    if (rowCount == maxRows) return;
    if (isFirst == 0) {
      if (c != 0x2c) die(i);
      i = ws(i + 1);
      c = load<u8>(i);
    }
    if (c != 0x22) die(i);
    const ks = i + 1;
    sawEscape = false;
    const ke = str(ks);
    store<u32>(row + 16, sawEscape || ke - ks > 1024 ? odd : 0);
    store<u32>(row, <u32>i);
    store<u32>(row + 4, <u32>(ke + 1));
    i = ws(ke + 1);
    if (load<u8>(i) != 0x3a) die(i);
    i = ws(i + 1);
    store<u32>(row + 8, <u32>i);
    if (load<u8>(i) == 0x7b) i = record(i, ks, ke, row, names, versions, licenses);
    else {
      i = val(i, 2);
      // A number goes on where the next bytes go on.
      if (load<u8>(i) == 0) die(i);
      store<u32>(row + 16, odd);
      store<u32>(row + 44, 0);
    }
    store<u32>(row + 12, <u32>i);
    row += rowBytes;
    rowCount++;
    isFirst = 0;
    resumeAt = <u32>i;
  }
}
