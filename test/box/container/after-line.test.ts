/** A container's standard error: what the engine says before the marker, what the command says after it, and no pile between. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { afterLine } from '../../../src/box/container/after-line.ts';

test('text before the line is the engine’s, text after it the command’s, however it arrives', async () => {
  const bytes = [...Buffer.from('pulling\nnow\nfirst\nsecond\n')].map(byte => Buffer.from([byte]));
  const source = new PassThrough();
  const after = afterLine(source, 'now');
  const read = text(after.rest);
  for (const byte of bytes) source.write(byte);
  source.end();
  expect(await read).toBe('first\nsecond\n');
  await after.started;
  await after.ended;
  expect([after.hasStarted(), after.before()]).toEqual([true, 'pulling\n']);
});

test('without the line, nothing is the command’s', async () => {
  const source = new PassThrough();
  const after = afterLine(source, 'now');
  const read = text(after.rest);
  source.end('no such image\n');
  expect(await read).toBe('');
  expect([after.hasStarted(), after.before()]).toEqual([false, 'no such image\n']);
});

test('what nobody reads waits in the source', async () => {
  const source = new PassThrough();
  const after = afterLine(source, 'now');
  source.write('now\n');
  await after.started;
  let written = 0;
  while (written < 1_000 && source.write(Buffer.alloc(1_024))) {
    written += 1;
    await new Promise(resolve => setImmediate(resolve));
  }
  expect(written).toBeLessThan(1_000);
  source.end();
  expect((await text(after.rest)).length).toBe((written + 1) * 1_024);
});
