import { describe, expect, it } from 'vitest';
import { classesOf, rawInCode, rawInStyles, usesOf } from '../../../scripts/support/style-faults.mjs';

describe('styles', () => {
  it.each([
    ['a { color: #fff; }', 'raw colour #fff'],
    ['a {\n  background: rgb(1 2 3);\n}', 'raw colour rgb('],
    ['a {\n  border: 1px solid white;\n}', 'raw colour white'],
    ['a {\n  padding: 0 12px;\n}', 'raw size 12px'],
    ['a {\n  font-size: 0.75rem;\n}', 'raw size 0.75rem'],
    ['a {\n  z-index: 3;\n}', 'raw layer'],
    ['@media (max-width: 801px) {\n}', '801px is none of the breakpoints'],
  ])('finds what belongs into the tokens: %s', (css, fault) => {
    expect(rawInStyles(css).join()).toContain(fault);
  });

  it('takes tokens, hairlines, shares and breakpoints', () => {
    const css = `/* 12px of #fff */
.part {
  padding: var(--lk-space-12) calc(50% - 1ch);
  border: 1px solid var(--lk-line);
  z-index: var(--lk-layer-sticky);
}
@media (max-width: 40rem) {
  .part {
    width: 100%;
  }
}`;
    expect(rawInStyles(css)).toEqual([]);
  });

  it('finds raw values in components', () => {
    expect(rawInCode(`<i style={{ width: 3 }} color="#abc" zIndex={3} className="lk-x" />`)).toHaveLength(4);
    expect(rawInCode('<i className={styles.part} style={measured} />')).toEqual([]);
  });

  it('reads which classes there are and which are asked for', () => {
    expect([...classesOf('.a > .b:hover { color: red } @media (x) { .c { } } :global(.d) { }')]).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(usesOf(`import styles from './x.module.css';\nstyles.a; styles['b'];`)).toEqual([
      { from: './x.module.css', names: ['a', 'b'] },
    ]);
  });
});
