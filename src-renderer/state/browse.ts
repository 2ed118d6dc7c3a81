import { api } from '../client/api.ts';

/** The desktop's dialog for a folder or a file. @returns its path, or undefined when the operator cancelled */
export async function browse(what: 'folder' | 'file'): Promise<string | undefined> {
  return (await api.desktop.choosePath({ what })).path;
}
