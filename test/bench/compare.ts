/**
 * Servers beside each other. They take turns, each time in another order (whom one follows is worth a tenth), so that what
 * else the machine does meanwhile hits all alike, and medians are compared. What counts is the time on a processor per
 * request: it is nearly the same on a busy machine, where requests per second are not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { run } from './children.ts';
import { print } from './print.ts';

export type Subject = {
  readonly name: string;
  readonly url: string;
  readonly authorization?: string;
  /** Processes that work for it. */
  readonly pids: readonly (number | undefined)[];
  /** What it is measured against: a bare server of the same bytes. */
  readonly bare?: Subject;
  /** Slow ones are asked less often. */
  readonly isSlow?: boolean;
};
type Measured = { readonly perSecond: number; readonly cpuMicros: number };

const seconds = process.env['BENCH_SECONDS'] ?? '2';
/** An odd number has a middle. */
const turns = Number(process.env['BENCH_TURNS'] ?? '9');
const slowTurns = 3;
export const goals = { ofBareByCpu: 0.85, ofPypiserver: 20 };

export type Compared = { readonly subject: Subject; readonly perSecond: number; readonly bytes: number };

/** @param of what is asked for */
export async function compare(
  subjects: readonly Subject[],
  of = 'Token-checked GETs of a warm index',
): Promise<readonly Compared[]> {
  console.log(`${of}: wrk -t2 -c32 -d${seconds}s, ${turns} turns each, medians`);
  const results = new Map<Subject, Measured[]>(subjects.map((subject) => [subject, []]));
  const sizes = new Map<Subject, number>();
  for (const subject of subjects) {
    sizes.set(subject, await bodyBytes(subject));
    await wrk(subject, '1');
  }
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [subject, measured] of inAnotherOrder([...results])) {
      if (subject.isSlow !== true || turn < slowTurns) measured.push(await wrk(subject, seconds));
    }
  }
  const middle = (subject: Subject, what: keyof Measured): number => {
    const values = (results.get(subject) ?? []).map((measured) => measured[what]).toSorted((a, b) => a - b);
    return values[Math.floor(values.length / 2)] ?? Number.NaN;
  };
  const pypiservers = subjects.filter(({ name }) => name.startsWith('pypiserver'));
  const timesPypiserver = pypiservers.map(({ name }) => `x ${name}`);
  print('', 'requests/s', 'CPU/request', 'body', 'of bare', 'of bare by CPU', ...timesPypiserver);
  for (const subject of subjects) {
    const rate = middle(subject, 'perSecond');
    const cpu = middle(subject, 'cpuMicros');
    const { bare } = subject;
    print(
      subject.name,
      rate.toFixed(0),
      `${cpu.toFixed(1)} us`,
      `${sizes.get(subject)} B`,
      bare === undefined ? '' : (rate / middle(bare, 'perSecond')).toFixed(2),
      bare === undefined ? '' : (middle(bare, 'cpuMicros') / cpu).toFixed(2),
      ...pypiservers.map((other) => (rate / middle(other, 'perSecond')).toFixed(1)),
    );
  }
  print(
    'goal',
    '',
    '',
    '',
    '',
    `>= ${goals.ofBareByCpu}`,
    ...pypiservers.map(() => `>= ${goals.ofPypiserver}`),
  );
  return subjects.map((subject) => ({
    subject,
    perSecond: middle(subject, 'perSecond'),
    bytes: sizes.get(subject) ?? Number.NaN,
  }));
}

const inAnotherOrder = <T>(list: readonly T[]): readonly T[] =>
  list
    .map((one) => [Math.random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);

async function bodyBytes(subject: Subject): Promise<number> {
  // As wrk asks: without codings.
  const headers = {
    'accept-encoding': 'identity',
    ...(subject.authorization === undefined ? {} : { authorization: subject.authorization }),
  };
  const answer = await fetch(subject.url, { headers });
  if (!answer.ok) throw new Error(`${subject.name}: HTTP ${answer.status}`);
  return (await answer.arrayBuffer()).byteLength;
}

async function wrk(subject: Subject, forSeconds: string): Promise<Measured> {
  const headerArgs =
    subject.authorization === undefined ? [] : ['-H', `authorization: ${subject.authorization}`];
  const before = cpuMicrosOf(subject.pids);
  const { stdout } = await run('wrk', ['-t2', '-c32', `-d${forSeconds}s`, ...headerArgs, subject.url]);
  if (stdout.includes('Non-2xx')) throw new Error(stdout);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    cpuMicros: (cpuMicrosOf(subject.pids) - before) / requests,
  };
}

/** Time on a processor so far. Linux only, else NaN. */
export function cpuMicrosOf(pids: readonly (number | undefined)[]): number {
  const microsPerTick = 10_000;
  let micros = 0;
  for (const pid of pids) {
    const path = `/proc/${pid}/stat`;
    if (!existsSync(path)) return Number.NaN;
    const fields = (readFileSync(path, 'utf8').split(') ')[1] ?? '').split(' ');
    micros += (Number(fields[11]) + Number(fields[12])) * microsPerTick;
  }
  return micros;
}
