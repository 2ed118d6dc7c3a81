/** Joins class names; what is absent or false is left out. @returns a string, which Mantine's `className` insists on */
export function cx(...names: readonly (string | false | undefined)[]): string {
  return names.filter((name) => name !== undefined && name !== false && name !== '').join(' ');
}
