/** Progress is passed on a few times a second, and the latest one always arrives. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Paced } from '../../../src/activities/runner/paced.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('of a million values a few arrive at once, and then the latest', () => {
  const taken: number[] = [];
  const paced = new Paced<number>(value => taken.push(value));
  for (let value = 1; value <= 1_000_000; value += 1) paced.offer(value);
  expect(taken).toEqual([1, 2, 3, 4]);
  jest.advanceTimersByTime(1_000);
  expect(taken).toEqual([1, 2, 3, 4, 1_000_000]);
  jest.advanceTimersByTime(60_000);
  expect(taken).toHaveLength(5);
});

test('a few values a second arrive without a delay', () => {
  const taken: number[] = [];
  const paced = new Paced<number>(value => taken.push(value));
  for (let second = 0; second < 10; second += 1) {
    paced.offer(second);
    expect(taken.at(-1)).toBe(second);
    jest.advanceTimersByTime(1_000);
  }
});

test('the end passes on what waits, once', () => {
  const taken: number[] = [];
  const paced = new Paced<number>(value => taken.push(value));
  for (let value = 1; value <= 9; value += 1) paced.offer(value);
  paced.end();
  paced.end();
  expect(taken).toEqual([1, 2, 3, 4, 9]);
  expect(jest.getTimerCount()).toBe(0);
});
