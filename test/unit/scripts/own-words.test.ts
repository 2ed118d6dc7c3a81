import { describe, expect, it } from 'vitest';
import { ownWords } from '../../../scripts/support/own-words.mjs';

const inApp = (source: string) => ownWords('src-renderer/features/x/x.tsx', source);

describe('words outside of the catalogue', () => {
  it.each([
    ['text', 'const x = <p>No tokens yet</p>;', ['No tokens yet']],
    [
      'text beside an element',
      'const x = <p>Both until <b>{day}</b>, at most.</p>;',
      ['Both until', ', at most.'],
    ],
    ['a label', 'const x = <Button aria-label="Close it" />;', ['Close it']],
    ['one of two', "const x = <p>{isNew ? 'Create' : words.save}</p>;", ['Create']],
    ['words around a value', 'const x = <Page title={`Rotate lk-${id}`} />;', ['Rotate lk-']],
    ['a column', "const columns = [{ title: 'Expires', width: 90 }];", ['Expires']],
    ['a message', 'tellSuccess(`Saved ${name}.`);', ['Saved']],
  ])('%s is found', (_what, source, found) => {
    expect(inApp(source)).toEqual(found);
  });

  it.each([
    ['of the catalogue', 'const x = <p title={words.title}>{words.text(name)}</p>;'],
    ['without letters', 'const x = <p>{count} · {size}</p>;'],
    ['for programs', 'const x = <p className="lk-quiet" data-state="open" type="button" />;'],
    ['of the product', 'const x = <b>Latchkey</b>;'],
  ])('what is %s is left alone', (_what, source) => {
    expect(inApp(source)).toEqual([]);
  });

  it('knows the help of commands from their syntax', () => {
    const source =
      "program.command('issue [holder]').description('issue a token').option('-d, --days <n>', words.days);";
    expect(ownWords('src-main/cli/x.ts', source)).toEqual(['issue a token']);
  });
});
