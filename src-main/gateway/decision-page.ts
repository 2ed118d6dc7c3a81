/**
 * Why a package was refused, for whoever has only the id from a terminal. Invariant: it names the package, the policies and
 * their reasons; no token, team, environment, channel or address, since the id alone opens it.
 */
import { texts } from '../../shared/texts/texts.ts';
import { utcMinute } from '../../shared/texts/utc.ts';
import type { PackageDecision } from './decision-memory.ts';
import type { ChannelResponse } from './types.ts';

const words = texts.decisionPage;
const headers = {
  vary: 'Accept',
  // Nothing is loaded and nothing runs.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

/** @param accept HTML for a browser, JSON for all others */
export function decisionPage(
  decision: PackageDecision | undefined,
  accept: string | undefined,
): ChannelResponse {
  if (decision === undefined)
    return { status: 404, reason: words.unknown, headers: { vary: 'Accept' }, body: { type: 'none' } };
  const isHtml = accept?.includes('text/html') === true;
  const text = isHtml ? html(decision) : `${JSON.stringify(facts(decision))}\n`;
  const type = isHtml ? 'text/html; charset=utf-8' : 'application/json';
  return {
    status: 200,
    headers: { ...headers, 'content-type': type },
    body: { type: 'bytes', bytes: Buffer.from(text) },
  };
}

function facts(decision: PackageDecision): object {
  const { id, atMs, ecosystem, name, version, filename, reasons, nearestAllowed } = decision;
  return {
    decision: id,
    at: new Date(atMs).toISOString(),
    package: { ecosystem, name, version, filename },
    reasons: reasons.map((reason) => ({
      policy: reason.policyName,
      rule: reason.rule,
      mode: reason.mode,
      evidence: reason.evidence,
      says: texts.reasons.of(reason),
    })),
    ...(nearestAllowed === undefined ? {} : { nearestAllowed }),
  };
}

function html(decision: PackageDecision): string {
  const { id, atMs, ecosystem, name, version, filename, reasons, nearestAllowed } = decision;
  const items = reasons.map((reason) => `<li>${escaped(texts.reasons.of(reason))}</li>`).join('\n');
  const title = escaped(words.title(name, version));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}code{overflow-wrap:anywhere}</style>
</head>
<body>
<h1>${title}</h1>
<p><code>${escaped(`${ecosystem}: ${filename}`)}</code></p>
<ul>
${items}
</ul>${nearestAllowed === undefined ? '' : `\n<p>${escaped(words.nearest(nearestAllowed))}</p>`}
<p>${escaped(words.madeAt(utcMinute(atMs), id))}</p>
</body>
</html>
`;
}

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
