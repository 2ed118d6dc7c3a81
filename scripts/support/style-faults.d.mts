export function rawInStyles(css: string): string[];
export function rawInCode(code: string): string[];
export function classesOf(css: string): Set<string>;
export function usesOf(code: string): { readonly from: string; readonly names: string[] }[];
