/** The settings of the box: what they ask for, and one line when they cannot be used. */
import { describe, expect, test } from '@jest/globals';

import { boxChoice } from '../../src/config/box.ts';
import { type Environment, processSettings, SettingsError } from '../../src/config/environment.ts';

const chosen = (values: Environment) => boxChoice(processSettings(values));

describe('a box is', () => {
  test('bubblewrap, where nothing is said', () => {
    expect(chosen({})).toEqual({});
    expect(chosen({ SIGNALBOX_BOX: 'bubblewrap', SIGNALBOX_BUBBLEWRAP: '/opt/bwrap' })).toEqual({
      bubblewrapPath: '/opt/bwrap',
    });
  });

  test('a container of an image, by the first engine or by one', () => {
    const asked = { SIGNALBOX_BOX: 'container', SIGNALBOX_BOX_IMAGE: 'registry.test:5000/team/box:1' };
    expect(chosen(asked)).toEqual({
      box: 'container',
      image: 'registry.test:5000/team/box:1',
      environment: {},
    });
    expect(chosen({ ...asked, SIGNALBOX_BOX_ENGINE: 'podman' })).toMatchObject({ engine: 'podman' });
  });

  test('made by an engine that is told where it is, and no secret', () => {
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
  ['an unknown kind', { SIGNALBOX_BOX: 'jail' }, /^the setting SIGNALBOX_BOX cannot be used: .*"bubblewrap"/],
  [
    'a kind that was removed',
    { SIGNALBOX_BOX: 'agent-sandbox' },
    /^the setting SIGNALBOX_BOX cannot be used: .*"bubblewrap"/,
  ],
  ['an unknown engine', { SIGNALBOX_BOX_ENGINE: 'lxc' }, /^the setting SIGNALBOX_BOX_ENGINE cannot be used/],
  ['no image', { SIGNALBOX_BOX: 'container' }, /^SIGNALBOX_BOX=container needs SIGNALBOX_BOX_IMAGE/],
  [
    'an image that would be an option',
    { SIGNALBOX_BOX: 'container', SIGNALBOX_BOX_IMAGE: '--privileged' },
    /^the setting SIGNALBOX_BOX_IMAGE cannot be used/,
  ],
])('%s is one line', (_, values, line) => {
  expect(() => chosen(values)).toThrow(SettingsError);
  expect(() => chosen(values)).toThrow(line);
});
