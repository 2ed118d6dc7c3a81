import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDebouncedQuery } from '../../../src-renderer/state/debounced-query.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene() {
  const asked: string[] = [];
  const told: string[] = [];
  const pending = new Map<string, (answer: string) => void>();
  const query = createDebouncedQuery<string, string>({
    delayMs: 100,
    read: (input) => {
      asked.push(input);
      return input === 'broken'
        ? Promise.reject(new Error('broken'))
        : new Promise((resolve) => pending.set(input, resolve));
    },
    onAnswer: (answer) => told.push(answer),
    onProblem: (problem) => told.push(String(problem)),
  });
  return { query, asked, told, answer: (input: string) => pending.get(input)?.(`to ${input}`) };
}

describe('a question that waits', () => {
  it('is asked once its input rests', () => {
    const { query, asked } = scene();
    for (const input of ['a', 'ad', 'ada']) query.ask(input);
    vi.advanceTimersByTime(99);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(asked).toEqual(['ada']);
  });

  it('drops the answer that a newer question overtook', async () => {
    const { query, told, answer } = scene();
    query.ask('dev');
    vi.advanceTimersByTime(100);
    query.ask('prod');
    vi.advanceTimersByTime(100);
    answer('prod');
    await vi.advanceTimersByTimeAsync(0);
    answer('dev');
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(['to prod']);
  });

  it('tells a failure, and nothing once it is cancelled', async () => {
    const { query, told, asked, answer } = scene();
    query.ask('broken');
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual(['Error: broken']);
    query.ask('late');
    vi.advanceTimersByTime(100);
    query.cancel();
    answer('late');
    query.ask('never');
    query.cancel();
    await vi.advanceTimersByTimeAsync(1000);
    expect([told.length, asked]).toEqual([1, ['broken', 'late']]);
  });
});
