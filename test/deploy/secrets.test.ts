/** Each secret is only where the table says: as a file of the user's, or in the one volume of its service. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RECIPIENTS, secretsOf } from '../../deploy/setup/recipients.ts';
import { FILE_SECRETS } from '../../src/config/secret-files.ts';
import {
  type ComposeFile,
  compose,
  composeText,
  parseCompose,
  root,
  type Service,
} from './support/compose-file.ts';

const USERS_FILES = {
  'github-token': ['scheduler'],
  'github-read-token': ['source-relay'],
  'model-key': ['model-gateway'],
};

/** Two services that need the same one secret share its volume. */
const SHARED = {
  temporal: ['temporal', 'temporal-admin-tools'],
  'artifact-store': ['artifact-store', 'artifact-store-policies'],
};

function holdersOfFiles({ services, secrets }: ComposeFile): object {
  return Object.fromEntries(
    Object.keys(secrets).map(name => [
      name,
      namesWhere(services, service => service.secrets?.includes(name) === true),
    ]),
  );
}

function holdersOfVolume({ services }: ComposeFile, volume: string): readonly string[] {
  return namesWhere(services, ({ volumes = [] }) => volumes.some(mount => mount.split(':')[0] === volume));
}

function namesWhere(services: ComposeFile['services'], holds: (service: Service) => boolean): string[] {
  return Object.entries(services).flatMap(([name, service]) => (holds(service) ? [name] : []));
}

test("each of the user's files is mounted only where the table says", () => {
  expect(holdersOfFiles(compose)).toEqual(USERS_FILES);
});

test('another holder is found', () => {
  const copy = parseCompose(
    composeText.replace(
      'command: [worker, runner]',
      'command: [worker, runner]\n    secrets: [github-token]',
    ),
  );
  expect(holdersOfFiles(copy)).not.toEqual(USERS_FILES);
});

describe('the volume of secrets of', () => {
  test.each(RECIPIENTS)('%s is mounted by it and by setup, and read-only', recipient => {
    const shared: Readonly<Record<string, readonly string[]>> = SHARED;
    const holders = holdersOfVolume(compose, `secrets-${recipient}`);
    expect(holders.toSorted()).toEqual([...(shared[recipient] ?? [recipient]), 'setup'].sort());
    for (const holder of holders.filter(name => name !== 'setup'))
      expect(compose.services[holder]?.volumes).toContain(`secrets-${recipient}:/run/signalbox:ro`);
    expect(compose.services['setup']?.volumes).toContain(`secrets-${recipient}:/setup/for/${recipient}`);
  });
});

test('the volume with all secrets is mounted by setup alone, which has no network', () => {
  expect(holdersOfVolume(compose, 'secrets')).toEqual(['setup']);
  expect(compose.services['setup']?.network_mode).toBe('none');
});

test('every volume of secrets belongs to a recipient', () => {
  const volumes = Object.keys(compose.volumes).filter(name => name.startsWith('secrets-'));
  expect(volumes.toSorted()).toEqual(RECIPIENTS.map(name => `secrets-${name}`).toSorted());
});

test('a service reads from its volume exactly the secrets that it gets', () => {
  for (const recipient of RECIPIENTS) {
    const read = Object.values(compose.services[recipient]?.environment ?? {}).flatMap(
      value => /^\/run\/signalbox\/([\w-]+)$/.exec(value)?.[1] ?? [],
    );
    for (const name of read) expect(secretsOf(recipient)).toContain(name);
  }
});

test('no environment has a secret: only the names of files and of accounts', () => {
  const accounts = ['AWS_ACCESS_KEY_ID'];
  const found = Object.entries(compose.services).flatMap(([name, { environment = {} }]) =>
    Object.keys(environment)
      .filter(key => (FILE_SECRETS as readonly string[]).includes(key) && !accounts.includes(key))
      .map(key => `${name}: ${key}`),
  );
  expect(found).toEqual([]);
  expect(composeText).not.toMatch(/PASSWORD: |SECRET_ACCESS_KEY: |_TOKEN: |_KEY: /);
});

test('no secret can get into git or into an image', () => {
  const lines = (name: string): string[] => readFileSync(path.join(root, name), 'utf8').split('\n');
  expect(lines('.gitignore')).toEqual(expect.arrayContaining(['secrets/', '.env']));
  const [first] = lines('.dockerignore').filter(line => !line.startsWith('#'));
  expect(first).toBe('*');
  expect(lines('.dockerignore').filter(line => /^!(?:secrets|\.env|\.git|docs)/.test(line))).toEqual([]);
});
