import type { CurationTable } from '../../../shared/contract/curation-views.ts';
import { api } from '../../client/api.ts';

/** A row of one of the two tables that an organization edits. */
export type MapRow = {
  readonly key: string;
  /** Absent: it stands for nothing. */
  readonly value?: string | undefined;
  readonly isOwn: boolean;
  /** What comes with the product, where the organization says something else. */
  readonly otherwise?: string | undefined;
  /** Package URLs. */
  readonly purls: readonly string[];
};
type Query = { readonly text: string; readonly own: boolean; readonly limit: number };
export type MapPage = { readonly total: number; readonly rows: readonly MapRow[] };

export const readRows: Readonly<Record<CurationTable, (query: Query) => Promise<MapPage>>> = {
  names: async (query) => {
    const { total, rows } = await api.curation.names(query);
    return {
      total,
      rows: rows.map(({ conda, pypi, isOwn, otherwise, condaPurl, pypiPurl }) => ({
        key: conda,
        value: pypi,
        isOwn,
        otherwise,
        purls: pypiPurl === undefined ? [condaPurl] : [condaPurl, pypiPurl],
      })),
    };
  },
  licenses: async (query) => {
    const { total, rows } = await api.curation.licenses(query);
    return {
      total,
      rows: rows.map(({ text, expression, isOwn, otherwise }) => ({
        key: text,
        value: expression,
        isOwn,
        otherwise,
        purls: [],
      })),
    };
  },
};

/** @param value empty: nothing on PyPI; what comes with the product */
export const saveRow: Readonly<Record<CurationTable, (key: string, value: string) => Promise<unknown>>> = {
  names: (conda, pypi) => api.curation.mapNames({ names: [{ conda, pypi: pypi === '' ? null : pypi }] }),
  licenses: (text, expression) =>
    api.curation.aliasLicenses({ aliases: [{ text, expression: expression === '' ? null : expression }] }),
};
