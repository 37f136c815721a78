/** Secrets of the running stack: each service reads its own files, and nothing else has one. */
import { expect, test } from '@jest/globals';
import {
  foundInLayers,
  leaks,
  meantFor,
  publicPlaces,
  readableBy,
  stackSecrets,
} from './support/canaries.ts';
import { containers } from './support/containers.ts';
import { docker } from './support/docker.ts';
import { PROVIDED, PROVIDED_TO } from './support/provided.ts';
import { PROJECT_LABEL, projectName, setting } from './support/stack.ts';
import { BASE } from './support/stand-ins/table.ts';

const secrets = async () => ({ ...(await stackSecrets()), ...PROVIDED });

/** Programs of others that take their own secret from their environment alone: docs/compose.md#secrets. */
const BY_ENVIRONMENT = [
  'processes of artifact-store: store-root-secret',
  'processes of temporal: database-password',
];

test('no other secret is in an environment, an argument, a log, or what the engine tells', async () => {
  const found = leaks(await publicPlaces(), await secrets());
  expect(found.map(({ place, secret }) => `${place}: ${secret}`).sort()).toEqual(BY_ENVIRONMENT);
});

test('a planted one is found in each of them', async () => {
  const [name, value] = ['github-token', PROVIDED['github-token']];
  const label = `--label=${PROJECT_LABEL}=${projectName()}`;
  const id = await docker([
    'run',
    '--detach',
    label,
    '--label=com.docker.compose.service=planted',
    `--env=PLANTED=${value}`,
    BASE,
    'sleep',
    '300',
  ]);
  try {
    const found = leaks(await publicPlaces(), { [name]: value });
    expect(found.map(({ place }) => place).sort()).toEqual(['inspect of planted', 'processes of planted']);
  } finally {
    await docker(['rm', '--force', id]);
  }
});

test('each service reads exactly the secrets that are meant for it', async () => {
  const all = await secrets();
  const provided = Object.entries(PROVIDED_TO);
  for (const { id, service } of await containers('running')) {
    const given = provided.filter(([, to]) => to.includes(service)).map(([name]) => name);
    const expected = [...meantFor(service), ...given].sort();
    expect({ service, secrets: [...(await readableBy(id, all))].sort() }).toEqual({
      service,
      secrets: expected,
    });
  }
});

test('no layer of the images has a secret', async () => {
  // The control is in the image's own configuration.
  const control = '/app/bin/signalbox.js';
  const texts = [control, ...Object.values(await secrets())];
  expect(await foundInLayers(`signalbox-runner:${setting('SIGNALBOX_VERSION')}`, texts)).toEqual([control]);
});
