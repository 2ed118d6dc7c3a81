/** Where checkpoints are kept; losing one costs time and nothing else. */
export interface CheckpointStore {
  /** The lines of an operator's checkpoint, or undefined when there is none that can be read. */
  read(operatorId: string): Promise<Iterable<string> | undefined>;
  /** Writes lines as they come to a new file, which then takes the old one's place. Stops when `signal` says so. */
  write(operatorId: string, lines: AsyncIterable<string>, signal: AbortSignal): Promise<void>;
  remove(operatorId: string): Promise<void>;
}
