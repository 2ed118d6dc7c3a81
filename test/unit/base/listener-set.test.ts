import { describe, expect, it } from 'vitest';
import { ListenerSet } from '../../../src-main/base/listener-set.ts';

describe('listeners', () => {
  it('are told in order until they are taken away', () => {
    const set = new ListenerSet<[number]>();
    const heard: string[] = [];
    const end = set.add((n) => heard.push(`a${n}`));
    set.add((n) => heard.push(`b${n}`));
    set.tell(1);
    end();
    set.tell(2);
    expect(heard).toEqual(['a1', 'b1', 'b2']);
  });

  it('may take themselves and others away while they are told', () => {
    const set = new ListenerSet<[]>();
    const heard: string[] = [];
    const ends: (() => void)[] = [];
    ends.push(
      set.add(() => {
        heard.push('a');
        for (const end of ends) end();
      }),
      set.add(() => heard.push('b')),
    );
    set.tell();
    set.tell();
    expect(heard).toEqual(['a']);
  });

  it('do not cost each other their turn when one fails', () => {
    const set = new ListenerSet<[]>();
    const heard: string[] = [];
    set.add(() => {
      throw new Error('broken');
    });
    set.add(() => heard.push('b'));
    expect(() => set.tell()).toThrow('broken');
    expect(heard).toEqual(['b']);
  });

  it('are two when one function listens twice', () => {
    const set = new ListenerSet<[]>();
    let heard = 0;
    const listen = () => (heard += 1);
    const end = set.add(listen);
    set.add(listen);
    end();
    set.tell();
    expect(heard).toBe(1);
    set.clear();
    set.tell();
    expect(heard).toBe(1);
  });
});
