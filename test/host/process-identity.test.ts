/** Process identities: distinguish a process from a later one with the same id, in files and in names. */
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

test('a living process matches its identity and the text of its identity', () => {
  expect(isSameProcess(own)).toBe(true);
  expect(parseIdentity(`${ownIdentityText()}-7`)).toEqual({ ...own, boot: bootId() });
  expect(isSameProcess(parseIdentity(ownIdentityText()) ?? { pid: 0 })).toBe(true);
});

test('a process with the same id but another start time or another boot does not match', () => {
  expect(isSameProcess({ ...own, startedAt: '1' })).toBe(false);
  expect(isSameProcess({ ...own, boot: '00000000' })).toBe(false);
});

test('an ended process matches no identity, even one made after its end', async () => {
  const child = spawn('/bin/true');
  const named = processIdentity(child.pid ?? 0);
  await once(child, 'exit');
  const late = processIdentity(child.pid ?? 0);
  expect([named, late].map(isSameProcess)).toEqual([false, false]);
  expect(isSameProcess(parseIdentity(identityText(late)) ?? own)).toBe(false);
});

test('a text without an identity parses to undefined', () => {
  expect(parseIdentity('signalbox')).toBeUndefined();
});
