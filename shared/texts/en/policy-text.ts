/** What is wrong with policies or tests of them as a text. Parts of a sentence: `Line 3: …`, without a full stop. */
export const policyText = {
  alone: (why: string): string => `${why}${why.endsWith('?') ? '' : '.'}`,
  tooLong: (maxChars: number): string => `the text has more than ${maxChars} characters`,
  tooMany: (maxMarks: number): string => `the text has more than ${maxMarks} values, lines and marks`,
  tooDeep: 'it is nested too deeply',
  notUtf8: 'it is not text in UTF-8',
  noDirectives: 'directives ("%YAML", "%TAG") are not used here',
  noAnchors: 'anchors and aliases are not used here: write it out',
  noTags: 'tags ("!…") are not used here',
  keyIsText: 'a key must be a text. Is this line indented as its neighbors are?',
  keyTwice: 'a key must be unique: it stands here a second time',
  notKnown: (name: string, close: string | undefined): string =>
    `"${name.slice(0, 64)}" is not known here${close === undefined ? '' : `. Did you mean "${close}"?`}`,
  missing: 'is missing',
  noSuchType: (types: readonly string[]): string => `"type" must be one of ${types.join(', ')}`,
  doubled: (name: string): string => `policy "${name}" stands twice`,
  noSuch: (what: string, name: string, close: string | undefined): string =>
    `there is no ${what} "${name}"${close === undefined ? '' : `. Did you mean "${close}"?`}`,
  namesExpected: (what: string): string => `must be a list of names of ${what}s`,
  specExpected: 'write a package as "conda: <spec>" or "pypi: <requirement>"',
  member: (path: string, why: string): string => (path === '' ? why : `${path}: ${why}`),
  wrongForm: 'has another form',
  listAlone: 'write the list of policies below a line "policies:"',
  oneOf: (values: readonly string[]): string => `must be one of ${values.join(', ')}`,
  mustBe: (form: string): string => `must be ${form}`,
  /** By what a schema expects. */
  forms: {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of names and values',
    record: 'a map of names and values',
  } as Readonly<Record<string, string>>,
  /** Of tests. */
  packageExpected: 'write the package as "conda:numpy==2.1.0" or "pypi:requests==2.32.0"',
  badTime: 'write a day or a time in UTC, such as 2026-01-31',
};
