import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanName, initials } from '../src/text.js';

test('initials are those of the first and the last word', () => {
  assert.equal(initials('ada byron'), 'AB');
  assert.equal(initials('Ada King of Lovelace'), 'AL');
  assert.equal(initials('Ada'), 'A');
});

test('names are printed on one line', () => {
  assert.equal(cleanName('  Ada\n\tByron '), 'Ada Byron');
});
