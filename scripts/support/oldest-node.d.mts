/** As `20.18.1`. */
export const oldestNode: string;
/** Statements that end an older Node with one sentence, in words that any Node reads. */
export function oldNodeCheck(program: string): string;
