import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGreeter, partOfDay } from '../src/greeting.js';
import { createProfile } from '../src/profile.js';

test('the day has four parts', () => {
  assert.deepEqual([3, 8, 14, 20, 23].map(partOfDay), ['night', 'morning', 'afternoon', 'evening', 'night']);
});

test('the greeting follows the time of day', () => {
  let hour = 9;
  const greeter = createGreeter({ hour: () => hour });
  const ada = createProfile({ id: 'ada', name: 'Ada Byron' });
  assert.equal(greeter.greet(ada), 'Good morning, Ada Byron!');
  hour = 19;
  assert.equal(greeter.greet(ada), 'Good evening, Ada Byron!');
});

test('two profiles are greeted each by their own name', () => {
  const greeter = createGreeter({ hour: () => 15 });
  const ada = createProfile({ id: 'ada', name: 'Ada Byron' });
  const mary = createProfile({ id: 'mary', name: 'Mary Somerville' });
  assert.equal(greeter.greet(ada), 'Good afternoon, Ada Byron!');
  assert.equal(greeter.greet(mary), 'Good afternoon, Mary Somerville!');
});
