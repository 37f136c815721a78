/** Where the processes of a service manager have their sockets: at names that no other user can take. */
import { describe, expect, test } from '@jest/globals';
import { processSettings } from '../../src/config/environment.ts';
import { modelGatewayControl, modelGatewayDir } from '../../src/config/layout.ts';

const LONG = `/${'long/'.repeat(20)}`;
type Values = Readonly<Record<string, string>>;
const dirOf = (values: Values): string => modelGatewayDir(processSettings(values));
const ofRoot = (values: Values): string => modelGatewayDir(processSettings(values), true);
const ofUser = (values: Values): string => modelGatewayDir(processSettings(values), false);

describe('the folder of the model gateway', () => {
  test('is the one that the settings name', () => {
    const values = { SIGNALBOX_MODEL_GATEWAY_DIR: '/srv/gw', XDG_RUNTIME_DIR: '/run/user/1' };
    expect(dirOf(values)).toBe('/srv/gw');
    expect(modelGatewayControl(processSettings(values))).toBe('/srv/gw/control.sock');
  });

  test('is never in a folder that all users share, and the same for every process of a data directory', () => {
    const values = { SIGNALBOX_DATA_DIR: '/srv/data', TMPDIR: '/tmp' };
    expect(dirOf(values)).not.toMatch(/^\/tmp/);
    expect(dirOf(values)).toBe(dirOf(values));
    expect(dirOf(values)).not.toBe(dirOf({ SIGNALBOX_DATA_DIR: '/srv/other' }));
  });

  test('is below /run for root, whose gateway has another user', () => {
    expect(ofRoot({ SIGNALBOX_DATA_DIR: '/srv/data', XDG_RUNTIME_DIR: '/run/user/1' })).toMatch(
      /^\/run\/signalbox\/[0-9a-f]{12}$/,
    );
  });

  test('is in the data directory, or below XDG_RUNTIME_DIR if that path is too long for a socket', () => {
    expect(ofUser({ SIGNALBOX_DATA_DIR: '/srv/data' })).toBe('/srv/data/gateway');
    expect(ofUser({ SIGNALBOX_DATA_DIR: LONG, XDG_RUNTIME_DIR: '/run/user/1' })).toMatch(
      /^\/run\/user\/1\/signalbox\/[0-9a-f]{12}$/,
    );
    expect(() => ofUser({ SIGNALBOX_DATA_DIR: LONG })).toThrow(/set SIGNALBOX_MODEL_GATEWAY_DIR/);
  });
});
