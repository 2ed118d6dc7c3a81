/**
 * The part of an upstream's path behind which conda's token stands, when it does so in front of the last part (Anaconda's
 * `/api/repo/t/<token>/team`); undefined where that is the root.
 */
export function pathBeforeLastPart(url: string): string | undefined {
  const parts = new URL(url).pathname.split('/').filter((part) => part !== '');
  return parts.length < 2 ? undefined : `/${parts.slice(0, -1).join('/')}`;
}
