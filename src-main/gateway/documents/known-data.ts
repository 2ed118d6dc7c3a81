import type { KnowledgeData } from '../../curation/knowledge-data.ts';

/** What is known, and which of all states that is. */
export type KnownData = { readonly version: number; readonly data: KnowledgeData };
