/** Who a process is: told apart from a later one with the same id, in a file and in a name. */
import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  bootId,
  identityText,
  isSameProcess,
  ownIdentityText,
  parseIdentity,
  processIdentity,
} from '../../src/host/process-identity.ts';

const own = processIdentity(process.pid);

test('a living process is itself, by its identity and by the text of it', () => {
  expect(isSameProcess(own)).toBe(true);
  expect(parseIdentity(`${ownIdentityText()}-7`)).toEqual({ ...own, boot: bootId() });
  expect(isSameProcess(parseIdentity(ownIdentityText()) ?? { pid: 0 })).toBe(true);
});

test('one that has the id now but began at another time, or in another boot, is not it', () => {
  expect(isSameProcess({ ...own, startedAt: '1' })).toBe(false);
  expect(isSameProcess({ ...own, boot: '00000000' })).toBe(false);
});

test('one that has ended is nobody, also when it had ended before it was named', async () => {
  const child = spawn('/bin/true');
  const named = processIdentity(child.pid ?? 0);
  await once(child, 'exit');
  const late = processIdentity(child.pid ?? 0);
  expect([named, late].map(isSameProcess)).toEqual([false, false]);
  expect(isSameProcess(parseIdentity(identityText(late)) ?? own)).toBe(false);
});

test('a text without an identity has none', () => {
  expect(parseIdentity('signalbox')).toBeUndefined();
});
