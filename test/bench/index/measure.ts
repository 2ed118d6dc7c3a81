/** What one way of filtering costs, in a process of its own. */
export type Measured = {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly kept: number;
  readonly bytes: number;
};

/** Takes time and processor time of something. */
export function measured(work: () => { readonly kept: number; readonly bytes: number }): Measured {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const result = work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, ...result };
}

/** Says it to who started the process. */
export function tell(...all: readonly Measured[]): void {
  console.log(JSON.stringify(all));
}
