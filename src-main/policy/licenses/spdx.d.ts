/** The parts of the packages that are used; they bring no types. */
declare module 'spdx-expression-parse' {
  export type SpdxNode =
    | { readonly license: string; readonly plus?: true; readonly exception?: string }
    | { readonly left: SpdxNode; readonly conjunction: 'and' | 'or'; readonly right: SpdxNode };
  /** @throws Error if the text is no SPDX expression */
  const parse: (text: string) => SpdxNode;
  // A CommonJS module.
  // oxlint-disable-next-line import/no-default-export
  export default parse;
}
declare module 'spdx-license-ids/index.json' {
  const ids: readonly string[];
  // oxlint-disable-next-line import/no-default-export
  export default ids;
}
declare module 'spdx-license-ids/deprecated.json' {
  const ids: readonly string[];
  // oxlint-disable-next-line import/no-default-export
  export default ids;
}
declare module 'spdx-exceptions/index.json' {
  const ids: readonly string[];
  // oxlint-disable-next-line import/no-default-export
  export default ids;
}
