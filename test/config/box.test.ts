/** The settings of the box: the box that they choose, and a one-line error when they are invalid. */
import { describe, expect, test } from '@jest/globals';

import { boxChoice } from '../../src/config/box.ts';
import { type Environment, processSettings } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';

const chosen = (values: Environment) => boxChoice(processSettings(values));

describe('the box is', () => {
  test('bubblewrap by default', () => {
    expect(chosen({})).toEqual({});
    expect(chosen({ SIGNALBOX_BOX: 'bubblewrap', SIGNALBOX_BUBBLEWRAP: '/opt/bwrap' })).toEqual({
      bubblewrapPath: '/opt/bwrap',
    });
  });

  test('a container of an image, with the first engine or a named one', () => {
    const asked = { SIGNALBOX_BOX: 'container', SIGNALBOX_BOX_IMAGE: 'registry.test:5000/team/box:1' };
    expect(chosen(asked)).toEqual({
      box: 'container',
      image: 'registry.test:5000/team/box:1',
      environment: {},
    });
    expect(chosen({ ...asked, SIGNALBOX_BOX_ENGINE: 'podman' })).toMatchObject({ engine: 'podman' });
  });

  test('made by an engine that gets its own variables and no secret', () => {
    const values = {
      PATH: '/bin',
      DOCKER_HOST: 'unix:///x',
      XDG_RUNTIME_DIR: '/run/user/1',
      CONTAINERS_CONF: '/c',
    };
    const secret = { SIGNALBOX_SOURCE_TOKEN: 't', GITHUB_TOKEN: 't', SIGNALBOX_BOX: 'container' };
    const choice = chosen({ ...values, ...secret, SIGNALBOX_BOX_IMAGE: 'box' });
    expect(choice).toMatchObject({ environment: values });
    expect(Object.keys('environment' in choice ? choice.environment : {})).toEqual(Object.keys(values));
  });
});

test.each<[string, Environment, RegExp]>([
  ['an unknown kind', { SIGNALBOX_BOX: 'jail' }, /^cannot use the setting SIGNALBOX_BOX: .*"bubblewrap"/],
  [
    'a kind that was removed',
    { SIGNALBOX_BOX: 'agent-sandbox' },
    /^cannot use the setting SIGNALBOX_BOX: .*"bubblewrap"/,
  ],
  ['an unknown engine', { SIGNALBOX_BOX_ENGINE: 'lxc' }, /^cannot use the setting SIGNALBOX_BOX_ENGINE/],
  ['no image', { SIGNALBOX_BOX: 'container' }, /^SIGNALBOX_BOX=container needs SIGNALBOX_BOX_IMAGE/],
  [
    'an image that looks like an option',
    { SIGNALBOX_BOX: 'container', SIGNALBOX_BOX_IMAGE: '--privileged' },
    /^cannot use the setting SIGNALBOX_BOX_IMAGE/,
  ],
])('%s is refused in one line', (_, values, line) => {
  expect(() => chosen(values)).toThrow(SettingsError);
  expect(() => chosen(values)).toThrow(line);
});
