export type ProcessorTimes = { readonly busyMs: number; readonly allMs: number };
type Processor = { readonly times: Readonly<Record<'user' | 'nice' | 'sys' | 'idle' | 'irq', number>> };
export function processorTimes(of?: readonly Processor[]): ProcessorTimes;
export function busyShare(before: ProcessorTimes, after: ProcessorTimes): number;
