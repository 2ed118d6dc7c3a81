const widths = [44, 12, 12, 9, 9, 15];

/** One line of a table. */
export function print(...columns: string[]): void {
  console.log(`  ${columns.map((column, index) => column.padEnd(widths[index] ?? 0)).join(' ')}`);
}
