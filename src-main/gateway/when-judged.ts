/**
 * A package's file between its judgement and its first byte. Invariant: what is sent was judged by the policies and facts
 * that are in force then. Opening may take long, so what changed meanwhile is judged again, and nothing is opened twice.
 */
import type { SpokenPackage } from './documents/spoken-files.ts';
import type { JudgedFile } from './judged-file.ts';
import { isDenied } from './judged-file.ts';
import { dropAnswer } from './policy-scope.ts';
import type { ChannelRequest, ChannelResponse } from './types.ts';
import { UpstreamError } from './types.ts';
import { texts } from '../../shared/texts/texts.ts';

export type FileSteps<J extends JudgedFile> = {
  /** By what is in force when it is done. @throws UpstreamError */
  readonly judge: () => Promise<J>;
  readonly open: (judged: J) => Promise<ChannelResponse>;
  /** Whether what was opened for the one is what the other is about; without it, it always is. */
  readonly isSame?: (opened: J, now: J) => boolean;
  readonly refuse: (denied: SpokenPackage) => Promise<ChannelResponse>;
  /** @param judged by what is in force now */
  readonly send: (response: ChannelResponse, judged: J) => ChannelResponse;
};

/** Files that are opened for one request: each time another one stood under its name. */
const maxOpened = 3;

/** @throws what the steps throw; UpstreamError where it is another file each time */
export async function whenJudged<J extends JudgedFile>(
  request: Pick<ChannelRequest, 'scope'>,
  steps: FileSteps<J>,
): Promise<ChannelResponse> {
  const { judge, open, refuse, send, isSame = () => true } = steps;
  let judged = await judge();
  for (let opened = 0; opened < maxOpened; opened += 1) {
    // Nothing comes between the end of a judgement and this.
    const { key } = request.scope;
    if (isDenied(judged.spoken)) return await refuse(judged.spoken);
    // oxlint-disable-next-line no-await-in-loop
    const response = await open(judged);
    if (request.scope.key === key) return send(response, judged);
    let again: J;
    try {
      // oxlint-disable-next-line no-await-in-loop
      again = await judge();
    } catch (error) {
      dropAnswer(response);
      throw error;
    }
    if (!isDenied(again.spoken) && isSame(judged, again)) return send(response, again);
    dropAnswer(response);
    judged = again;
  }
  throw new UpstreamError(503, texts.refusals.files.beingReplaced, { retryAfter: '1' });
}
