type Labelled = { readonly ecosystem: string; readonly name: string; readonly version?: string | undefined };

/** The key of labels in a table; no blank stands in a name or a version. */
export const labelKey = ({ ecosystem, name, version }: Labelled): string =>
  `${ecosystem} ${name} ${version ?? ''}`;

/** The key of an assessment in a table. */
export const assessmentKey = (entry: Labelled & { readonly advisoryId: string }): string =>
  `${entry.advisoryId} ${labelKey(entry)}`;

/** What packages call a licence, as it is looked up: without case, with single spaces. */
export const licenseKey = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
