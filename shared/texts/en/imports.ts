/** What is wrong with a row of a CSV file, said so that it can be mended. */
import { formatCount } from '../format.ts';

export const imports = {
  empty: 'The file is empty. Its first line names the columns.',
  columnMissing: (column: string): string => `The column "${column}" is missing.`,
  columnUnknown: (columns: string): string => `There is no such column. Use ${columns}.`,
  columnTwice: 'This column is there twice.',
  malformed: 'This is no CSV: a quoted cell must end before the next comma.',
  tooManyRows: (most: number): string => `At most ${formatCount(most)} rows at once. Split the file.`,
  tooManyCells: 'This row has more cells than there are columns.',
  required: 'This must not be empty.',
  sameAs: (line: number): string => `The same as line ${line}.`,
  kinds: 'Use person, service or agent.',
  noTeam: 'There is no team of this name, here or in the file of teams.',
  noEnvironment: 'There is no environment of this name.',
  noChannel: (name: string): string => `There is no channel "${name}".`,
  notThere: (channel: string, environment: string): string =>
    `Channel "${channel}" is not available in ${environment}.`,
  days: (most: number): string => `Use a whole number from 1 to ${most}.`,
};
