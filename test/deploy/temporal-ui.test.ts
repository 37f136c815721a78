/**
 * The Web UI of the stack can only look. It takes any name as its own and has no password, so a page in a browser on the
 * host could otherwise use it: with a name that it lets point to loopback, and a cookie that it makes itself.
 */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { compose, root } from './support/compose-file.ts';

test('its server refuses what would change a workflow', () => {
  const text = readFileSync(path.join(root, 'deploy/temporal-ui.yaml'), 'utf8');
  expect(parse(text)).toMatchObject({ enableUi: true, disableWriteActions: true });
  expect(parse(text)).not.toHaveProperty('cors');
});

test('it reads this configuration, and nothing of the environment overrides it', () => {
  const ui = compose.services['temporal-ui'];
  expect(ui?.volumes).toEqual(['./deploy/temporal-ui.yaml:/home/ui-server/config/signalbox.yaml:ro']);
  expect(ui?.entrypoint).toEqual(expect.arrayContaining(['--env', 'signalbox']));
  expect(ui?.environment).toBeUndefined();
});
