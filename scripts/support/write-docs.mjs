/**
 * `npm run docs`: writes what is generated in docs/ anew. The pages are made of the sources themselves, which the pinned
 * Node reads as they are; it is installed first where it is missing.
 */
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runNode } from './run.mjs';

async function main() {
  await ensureDependencies();
  for (const page of ['write-vault-format.mjs', 'write-cli-doc.mjs']) {
    const code = await runNode([inRoot('scripts', 'support', page)]);
    if (code !== 0) process.exit(code);
  }
}

main().catch((error) => {
  process.stderr.write(`docs: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
