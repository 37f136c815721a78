/** The least-recently-used map: keeps the entries that were used last, up to its limit. */
import { expect, test } from '@jest/globals';
import { RecentMap } from '../../src/activities/recent-map.ts';

test('a full map evicts the least recently used entry', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});

test('a new value for an existing key evicts nothing', () => {
  const map = new RecentMap<string, number>(2);
  for (const value of [1, 2, 3]) map.set('a', value);
  map.set('b', 4);
  expect([map.get('a'), map.get('b'), map.size]).toEqual([3, 4, 2]);
});

test('a deleted entry is gone and frees its place', () => {
  const map = new RecentMap<string, number>(1);
  map.set('a', 1);
  map.delete('a');
  expect([map.get('a'), map.size]).toEqual([undefined, 0]);
});

test('the map never exceeds its limit', () => {
  const map = new RecentMap<number, number>(100);
  for (let key = 0; key < 10_000; key++) map.set(key, key);
  expect(map.size).toBe(100);
  expect(map.get(9_900)).toBe(9_900);
});
