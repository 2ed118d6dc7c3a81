/**
 * Our way, as the worker does it: the index into rows, policies over them, and what is left as ranges, to the last one; then
 * another set of policies over the same rows. Arguments: the index, how many records it has, the facts, which scanner.
 */
import { readFileSync } from 'node:fs';
import type { ChannelId } from '../../../shared/model/ids.ts';
import { knowledgeOf } from '../../../src-main/curation/knowledge-data.ts';
import { SightTable } from '../../../src-main/gateway/conda/sight-table.ts';
import { newHashKey } from '../../../src-main/gateway/documents/name-hash.ts';
import { ScriptScanner } from '../../../src-main/gateway/index-store/entries-scan.ts';
import { WasmScanner } from '../../../src-main/gateway/index-store/entries-wasm.ts';
import { IndexForm } from '../../../src-main/gateway/index-store/index-form.ts';
import { judgeRows } from '../../../src-main/gateway/index-store/judge-rows.ts';
import { RowsReader } from '../../../src-main/gateway/index-store/rows-reader.ts';
import { StoredRows } from '../../../src-main/gateway/index-store/stored-rows.ts';
import { measured, tell } from './measure.ts';
import type { Choice } from './policies.ts';
import { benchPolicies } from './policies.ts';
import { benchNowMs, benchSubdir } from './repodata.ts';

const [, , path = '', records = '', factsFile = '', scanner = 'wasm'] = process.argv;
const bytes = readFileSync(path);
const knowledge = knowledgeOf({
  curation: {},
  facts: JSON.parse(factsFile) as { path: string; sha256: string },
});
const channelId = 'bench' as ChannelId;
const batchBytes = 256 * 1024;

function read(): StoredRows {
  const reader = new RowsReader(
    {
      type: 'conda-rows',
      channelId,
      subdir: benchSubdir,
      plainBytes: bytes.length,
      nowMs: benchNowMs,
      sights: new SightTable(newHashKey()).buffers,
      isFirstSight: true,
    },
    scanner === 'wasm' ? new WasmScanner() : new ScriptScanner(),
  );
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += batchBytes)
    pieces.push(...reader.push(bytes.subarray(at, at + batchBytes)));
  const last = reader.end();
  return new StoredRows('bench', [...pieces, ...last.pieces], last.result);
}

function filter(rows: StoredRows, choice: Choice): { kept: number; bytes: number } {
  const policies = benchPolicies(Number(records), choice);
  const { columns } = rows;
  const judged = judgeRows(
    { channelId, subdir: benchSubdir, policies, nowMs: benchNowMs, digest: rows.digest, columns },
    knowledge,
  );
  if (judged.type !== 'judged') throw new Error('No verdicts.');
  const form = new IndexForm(rows, judged, {
    subdir: benchSubdir,
    policies,
    scopeKey: choice,
    onGrow: () => undefined,
  });
  return { kept: rows.count - judged.denied, bytes: form.document.plainBytes };
}

let rows: StoredRows | undefined;
const first = measured(() => {
  rows = read();
  return filter(rows, 'first');
});
const second = measured(() => filter(rows ?? read(), 'second'));
tell(first, second);
