/** Documents that once stopped the gateway, and the largest that it must take. */
import {
  htmlListText,
  htmlPageText,
  hyphenPageText,
  jsonListText,
  jsonPageText,
  repodataText,
} from '../support/index-pages.ts';

export const project = 'pydantic-core';
const json = 'application/vnd.pypi.simple.v1+json';
const html = 'text/html';

export type Input = {
  readonly name: string;
  readonly kind: 'pypi' | 'conda';
  /** Below the channel's root, as a client asks. */
  readonly path: string;
  readonly contentType: string;
  readonly text: () => string;
  /** Clients that ask at once, each for another channel with this document. */
  readonly channels?: number;
  /** What clients ask for; any form where it is not said. */
  readonly accept?: string;
  /** What a client gets. */
  readonly status?: number;
  /** Resident memory of the gateway at most, in MiB, where it is not that of all the others. */
  readonly maxPeakMb?: number;
};

const page = `simple/${project}/`;
const titled = (body: string) => `<!doctype html><title>Links for ${project}</title>${body}`;

export const inputs: readonly Input[] = [
  {
    name: 'root-50000-html',
    kind: 'pypi',
    path: 'simple/',
    contentType: html,
    text: () => htmlListText(50_000),
  },
  {
    name: 'root-200000-html',
    kind: 'pypi',
    path: 'simple/',
    contentType: html,
    text: () => htmlListText(200_000),
  },
  {
    name: 'root-200000-json',
    kind: 'pypi',
    path: 'simple/',
    contentType: json,
    text: () => jsonListText(200_000),
  },
  {
    name: 'page-15057-json',
    kind: 'pypi',
    path: page,
    contentType: json,
    text: () => jsonPageText(project, 15_057),
  },
  {
    name: 'page-15057-html',
    kind: 'pypi',
    path: page,
    contentType: html,
    text: () => htmlPageText(project, 15_057),
  },
  {
    name: 'page-100000-json',
    kind: 'pypi',
    path: page,
    contentType: json,
    text: () => jsonPageText(project, 100_000),
  },
  {
    name: 'exclamation-page',
    kind: 'pypi',
    path: page,
    contentType: html,
    text: () => titled('!'.repeat(100_000)),
  },
  {
    name: 'exclamation-link',
    kind: 'pypi',
    path: 'simple/',
    contentType: html,
    text: () => titled(`<a href="${'!'.repeat(100_000)}//">?</a>`),
  },
  {
    name: 'exclamation-declarations',
    kind: 'pypi',
    path: page,
    contentType: html,
    text: () => titled('<!'.repeat(50_000)),
  },
  {
    name: 'hyphens-40000',
    kind: 'pypi',
    path: page,
    contentType: html,
    text: () => hyphenPageText(project, 40_000),
  },
  {
    name: 'sixteen-pages-of-60-mb',
    kind: 'pypi',
    path: page,
    contentType: json,
    channels: 16,
    // Seen: 510 to 670, of which 130 are the cache; 800 when the files of a page were strings, 3,300 without turns.
    maxPeakMb: 740,
    text: () => jsonPageText(project, 86_000),
  },
  {
    name: 'two-html-answers-100000',
    kind: 'pypi',
    path: page,
    contentType: json,
    accept: html,
    channels: 2,
    // Seen: 370 to 400; 620 when the files of a page were strings, 910 when HTML was made in one piece.
    maxPeakMb: 500,
    text: () => jsonPageText(project, 100_000),
  },
  {
    name: 'brackets-20-mb',
    kind: 'pypi',
    path: page,
    contentType: json,
    status: 502,
    text: () => `{"files":[${'['.repeat(20_000_000)}`,
  },
  {
    name: 'repodata-200000',
    kind: 'conda',
    path: 'linux-64/repodata.json',
    contentType: 'application/json',
    text: () => repodataText(200_000),
  },
];
