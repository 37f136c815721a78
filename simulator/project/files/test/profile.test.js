import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProfile } from '../src/profile.js';

test('a profile tells its listeners which field changed, and only when it did', () => {
  const profile = createProfile({ id: 'ada', name: 'Ada Byron', title: 'Analyst' });
  const heard = [];
  const stop = profile.onChange(field => heard.push(field));
  profile.promote('Author');
  profile.promote('Author');
  profile.rename('Ada Lovelace');
  stop();
  profile.rename('Ada King');
  assert.deepEqual(heard, ['title', 'name']);
  assert.equal(profile.name, 'Ada King');
});

test('a profile needs a name', () => {
  assert.throws(() => createProfile({ id: 'x', name: '  ' }), TypeError);
});
