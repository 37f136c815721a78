/** The secrets that the stack made for itself, and every place where one could have come to. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { SECRET_NAMES, secretsOf } from '../../../deploy/setup/recipients.ts';
import { inOwnFolder } from '../../../src/host/own-folder.ts';
import { searchable, type Writing } from '../../support/canary.ts';
import { containers } from './containers.ts';
import { docker } from './docker.ts';
import { compose, projectName, setting } from './stack.ts';
import { BASE } from './stand-ins/table.ts';

export type Secrets = Readonly<Record<string, string>>;
export interface Place {
  readonly name: string;
  readonly text: string;
}
export interface Leak {
  readonly place: string;
  readonly secret: string;
  readonly writings: readonly Writing[];
}

/** As the container's own user: the environments and arguments that its processes could leak. */
const PROCESSES = 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; true';

/** From the volume that only the job `setup` has. */
export async function stackSecrets(): Promise<Secrets> {
  const volume = `${projectName()}_secrets:/secrets:ro`;
  const script = 'cd /secrets && for name in *; do echo "$name $(cat "$name")"; done';
  const lines = (
    await docker(['run', '--rm', '--network=none', '--volume', volume, BASE, 'sh', '-c', script])
  ).split('\n');
  return Object.fromEntries(lines.map(line => line.split(' ') as [string, string]));
}

/** Where no secret may be: what the engine tells about containers and images, logs, environments, arguments. */
export async function publicPlaces(): Promise<readonly Place[]> {
  const all = await containers();
  const places = all.map(async ({ id, service }) => ({
    name: `inspect of ${service}`,
    text: await docker(['inspect', id]),
  }));
  const running = (await containers('running')).map(async ({ id, service }) => ({
    name: `processes of ${service}`,
    text: await docker(['exec', id, 'sh', '-c', PROCESSES]),
  }));
  const logs = async (): Promise<Place> => ({
    name: 'logs',
    text: await compose('--profile', '*', 'logs', '--no-color'),
  });
  return await Promise.all([...places, ...running, logs(), imageHistories()]);
}

export function leaks(places: readonly Place[], secrets: Secrets): readonly Leak[] {
  return places.flatMap(({ name, text }) => {
    const writingsOf = searchable(text);
    return Object.entries(secrets)
      .map(([secret, value]) => ({ place: name, secret, writings: writingsOf(value) }))
      .filter(({ writings }) => writings.length > 0);
  });
}

/** The names of the secrets whose value a service can read in its own files. */
export async function readableBy(id: string, secrets: Secrets): Promise<readonly string[]> {
  const files = 'find /run/signalbox /run/secrets -type f -exec cat {} + 2>/dev/null; true';
  const text = await docker(['exec', id, 'sh', '-c', files]);
  return Object.entries(secrets)
    .filter(([, value]) => text.includes(value))
    .map(([name]) => name);
}

/** By the table of the job `setup`. The artifact store has a file with all of its accounts. */
export function meantFor(service: string): readonly string[] {
  const accounts = SECRET_NAMES.filter(name => service === 'artifact-store' && name.includes('store-'));
  return [...new Set([...secretsOf(service), ...accounts])];
}

/** Which of the texts are in the layers of an image, as the engine saves them; an image is too large to be held here. */
export async function foundInLayers(reference: string, texts: readonly string[]): Promise<readonly string[]> {
  const search = 'docker save "$1" | grep --text --only-matching --fixed-strings --file="$2" | sort --unique';
  return await inOwnFolder(path.join(tmpdir(), 'signalbox-canaries-'), async folder => {
    const patterns = path.join(folder, 'patterns');
    await writeFile(patterns, texts.join('\n'));
    const { stdout } = await execa('sh', ['-c', search, 'search', reference, patterns]);
    return stdout.split('\n').filter(line => line !== '');
  });
}

async function imageHistories(): Promise<Place> {
  const tag = setting('SIGNALBOX_VERSION');
  const images = [`signalbox:${tag}`, `signalbox-runner:${tag}`];
  const texts = await Promise.all(
    images.flatMap(image => [docker(['history', '--no-trunc', image]), docker(['inspect', image])]),
  );
  return { name: 'images', text: texts.join('\n') };
}
