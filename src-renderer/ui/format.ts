/** Times and amounts for the screens: digits and zone are the person's own, words are the catalogue's. */
import * as format from '../../shared/texts/format.ts';
import { texts } from '../../shared/texts/texts.ts';

export const { exactTime, momentTime, clockTime, formatCount, formatBytes } = format;
export const { relativeTime, plural } = texts.grammar;
