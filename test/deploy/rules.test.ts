/** Every service of docker-compose.yml keeps the rules for containers, and each rule refuses a file that breaks it. */
import { describe, expect, test } from '@jest/globals';
import { compose, composeText, parseCompose } from './support/compose-file.ts';
import { problemsOf, RULES } from './support/rules.ts';

describe('every service has', () => {
  test.each(RULES)('$name', rule => {
    expect(problemsOf(compose, rule)).toEqual([]);
  });
});

describe('is refused without', () => {
  const broken: readonly (readonly [string, string | RegExp, string])[] = [
    ['an ordinary user', "user: '999:999'", "user: '0:0'"],
    ['a read-only root', '  read_only: true', '  read_only: false'],
    ['no capability', 'cap_drop: [ALL]', 'cap_drop: []'],
    ['no further right', 'network_mode: none', 'network_mode: none\n    privileged: true'],
    ['the security options of its kind', '    - systempaths=unconfined\n', '    - seccomp:unconfined\n'],
    ['an init process', '  init: true', '  init: false'],
    ['limits', '  pids_limit: 128', ''],
    ['bounded logs', '  logging: *logging', ''],
    ['a pinned image', /\$\{TEMPORAL_VERSION:-[\d.]+\}/, 'latest'],
    ['ports on loopback only', "['127.0.0.1:${TEMPORAL_PORT", "['${TEMPORAL_PORT"],
    ['a health check, or an end of its own', '[CMD, nc, -z, 127.0.0.1', '[CMD, curl, 127.0.0.1'],
    ['networks by name, or none', '    networks: [outside-model-gateway]\n', ''],
    [
      'no access to the engine or to folders of the host',
      'secrets-gateway:/run/signalbox:ro',
      '/var/run/docker.sock:/run/docker.sock',
    ],
  ];

  test.each(broken)('%s', (name, text, instead) => {
    const copy = composeText.replace(text, () => instead);
    expect(copy).not.toBe(composeText);
    const rule = RULES.find(one => one.name === name);
    expect(rule && problemsOf(parseCompose(copy), rule)).not.toEqual([]);
  });

  test('exception: every rule has such a file', () => {
    expect(broken.map(([name]) => name)).toEqual(RULES.map(({ name }) => name));
  });
});
