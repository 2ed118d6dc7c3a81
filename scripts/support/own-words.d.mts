/** Words of a file that do not come from the catalogue. @param path from the root, with slashes */
export function ownWords(path: string, source: string): string[];
