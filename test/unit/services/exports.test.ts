import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuedToken } from '../../../shared/contract/token-views.ts';
import { furnish } from '../../support/furnish.ts';
import type { MemoryApp } from '../../support/memory-app.ts';
import { openUnlockedMemoryApp } from '../../support/memory-app.ts';

let app: MemoryApp;
let issued: IssuedToken;
let dir: string;
/** What the system's dialog answers. */
let chosen: string | undefined;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'latchkey-exports-'));
  chosen = join(dir, 'pip.conf');
  app = await openUnlockedMemoryApp({
    host: {
      kind: 'electron',
      saveDialog: 'native',
      clipboard: 'host',
      chooseSavePath: async () => chosen,
    },
  });
  // An address that is known while nothing runs there.
  const settings = app.app.settings.read();
  app.app.settings.write({ ...settings, gateway: { ...settings.gateway, port: 1 } });
  const ids = await furnish(app);
  issued = await app.client.tokens.issue({
    holder: { kind: 'person', name: 'Grace' },
    teamId: ids.team,
    environmentId: ids.dev,
    channelIds: [ids.channel],
    ttlDays: 30,
  });
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true, force: true });
});

const request = (more: object = {}) => ({
  format: 'pip-conf' as const,
  tokenId: issued.token.id,
  ...more,
});

describe('an export', () => {
  it('has a placeholder without the secret, and the secret where it is given', async () => {
    const without = await app.client.exports.render(request());
    expect(without.files.every((file) => !file.containsSecret)).toBe(true);
    const withSecret = await app.client.exports.render(request({ secret: issued.secret }));
    expect(withSecret.files.some((file) => file.content.includes(issued.secret))).toBe(true);
  });

  it('is refused where nobody knows the port yet', async () => {
    const { gateway } = app.app.settings.read();
    app.app.settings.write({ ...app.app.settings.read(), gateway: { ...gateway, port: 0 } });
    await expect(app.client.exports.render(request())).rejects.toMatchObject({
      code: 'GATEWAY_NOT_RUNNING',
      says: ['gatewayPortUnknown'],
    });
    app.app.settings.write({
      ...app.app.settings.read(),
      gateway: { ...gateway, port: 0, publicUrl: 'https://p.example' },
    });
    expect((await app.client.exports.render(request())).files[0]?.content).toContain('@p.example/pypi/');
  });

  it('takes no other token’s secret', async () => {
    const other = await app.client.tokens.rotate({ id: issued.token.id, overlapHours: 1, ttlDays: 1 });
    for (const secret of [other.secret, `${issued.secret.slice(0, -1)}~`, 'lk-short']) {
      await expect(app.client.exports.render(request({ secret }))).rejects.toMatchObject({
        code: 'TOKEN_MALFORMED',
      });
    }
  });

  it('names the holder as it is called now', async () => {
    const { id } = issued.token.holder;
    await app.client.holders.update({ id, name: 'Grace Hopper', note: '' });
    const { files } = await app.client.exports.render(request());
    expect(files.map((file) => file.content).join('\n')).toContain('Grace Hopper');
  });

  it('is written where the dialog says, for its owner alone where it holds the secret', async () => {
    const { files } = await app.client.exports.render(request({ secret: issued.secret }));
    const { name, content } = files.find((file) => file.containsSecret)!;
    const saved = await app.client.exports.save(request({ secret: issued.secret, fileName: name }) as never);
    expect(saved).toEqual({ path: chosen, mode: '0600' });
    expect(readFileSync(chosen!, 'utf8')).toBe(content);
    expect(statSync(chosen!).mode & 0o777).toBe(0o600);
  });

  it('is not written when the dialog is cancelled, or under a name that it does not have', async () => {
    const [file] = (await app.client.exports.render(request())).files;
    await expect(app.client.exports.save(request({ fileName: '../other' }) as never)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    chosen = undefined;
    await expect(app.client.exports.save(request({ fileName: file!.name }) as never)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('an export of a token that the gateway refuses', () => {
  const rendered = async () => {
    const { warnings, files, notes } = await app.client.exports.render(request());
    return { warnings: warnings.join('\n'), header: files[0]!.content, notes: notes.join('\n') };
  };

  it('says nothing of a good one', async () => {
    const { warnings, header, notes } = await rendered();
    expect(warnings).not.toContain('Token');
    expect(header).toContain(`Token lk-${issued.token.id} expires on 2026-01-31 (UTC).`);
    expect(notes).toContain('Ask for a rotation');
  });

  it('says that it was revoked, and why', async () => {
    await app.client.tokens.revoke({ ids: [issued.token.id], reason: 'laptop lost' });
    const { warnings, header, notes } = await rendered();
    expect(warnings).toContain(
      `Token lk-${issued.token.id} was revoked on 2026-01-01 (laptop lost): the gateway refuses it. Issue another token.`,
    );
    expect(header).toContain(`# Token lk-${issued.token.id} was revoked: the gateway refuses it.`);
    expect(notes).not.toContain('Ask for a rotation');
  });

  it('says that it has expired', async () => {
    app.clock.nowMs += 31 * 86_400_000;
    const { warnings, header } = await rendered();
    expect(warnings).toContain(`Token lk-${issued.token.id} expired on 2026-01-31`);
    expect(header).toContain(`# Token lk-${issued.token.id} expired on 2026-01-31 (UTC).`);
  });

  it('names the successor of one that was rotated, during the overlap and after it', async () => {
    const { token } = await app.client.tokens.rotate({ id: issued.token.id, overlapHours: 1, ttlDays: 30 });
    expect((await rendered()).warnings).toContain(
      `was replaced by lk-${token.id}, and works during the overlap only. Export that one.`,
    );
    app.clock.nowMs += 2 * 3_600_000;
    expect((await rendered()).warnings).toContain(`was replaced by lk-${token.id}. Export that one.`);
  });
});

describe('testing a token', () => {
  it('takes no other secret, and says for each channel what the gateway answers', async () => {
    const tokenId = issued.token.id;
    await expect(app.client.doctor.testToken({ tokenId, secret: 'lk-short' })).rejects.toMatchObject({
      code: 'TOKEN_MALFORMED',
    });
    const other = await app.client.tokens.rotate({ id: tokenId, overlapHours: 1, ttlDays: 1 });
    await expect(app.client.doctor.testToken({ tokenId, secret: other.secret })).rejects.toMatchObject({
      code: 'TOKEN_MALFORMED',
    });
    // The gateway of this app does not run: that is an answer, not an error.
    const attempts = await app.client.doctor.testToken({ tokenId, secret: issued.secret });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.ok).toBe(false);
    expect(JSON.stringify(attempts)).not.toContain(issued.secret.slice(12));
  });

  it('examines a pasted configuration and asks nobody but its own gateway', async () => {
    const report = await app.client.doctor.examine({
      content: '[global]\nindex-url = http://127.0.0.1:2/pypi/a/simple/\n',
    });
    expect(report).toMatchObject({ kind: 'pip-conf', attempts: [], asks: [{ throughGateway: false }] });
  });
});
