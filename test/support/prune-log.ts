/** A process that packs and retires until it is killed or done: `node prune-log.ts DIR NOW_MS`. It keeps no databases. */
import { pruneLog } from '../../src-main/request-log/keep-log.ts';
import { identity } from './log-rows.ts';

const [dir = '', nowMs = ''] = process.argv.slice(2);
const store = {
  index: () => Promise.resolve({ segments: 0, rows: 0, setAside: [], damaged: [] }),
  prune: () => Promise.resolve(),
};
const retention = { rowsDays: 90, addressDays: 7, ciUserDays: 7, rollupDays: 400 };
process.stdout.write('ready');
await pruneLog(dir, store, retention, Number(nowMs), { signer: identity, patienceMs: 60_000 });
