/** Words for what a schema refuses. Its own are for programmers: "Too big: expected number to be <=3650". */
export const issues = {
  numberMost: (most: string): string => `At most ${most}.`,
  numberLeast: (least: string): string => `At least ${least}.`,
  charactersMost: (most: string): string => `At most ${most} characters.`,
  charactersLeast: (least: string): string =>
    least === '1' ? 'This must not be empty.' : `At least ${least} characters.`,
  itemsMost: (most: string): string => `At most ${most} entries.`,
  itemsLeast: (least: string): string =>
    least === '1' ? 'Choose at least one.' : `At least ${least} entries.`,
  invalid: 'This value is not valid.',
  form: 'A value in this form is not valid. Check what you entered.',
};
