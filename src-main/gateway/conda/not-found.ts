import { texts } from '../../../shared/texts/texts.ts';
import type { ChannelResponse } from '../types.ts';

/** What conda clients get for a file that a channel does not have, or may not serve. */
export const notFound: ChannelResponse = {
  status: 404,
  reason: texts.refusals.requests.notFound,
  headers: {},
  body: { type: 'none' },
};
