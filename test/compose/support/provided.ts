/** What a person provides to the stack, with made-up values, in a folder of this run. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Made-up, and unlike anything else: searches look for them. */
export const PROVIDED = {
  'github-token': 'ghp_canaryOfTheGitHubToken0123456789abcd',
  'github-read-token': 'ghp_canaryOfTheReadingToken0123456789abc',
  'model-key': 'sk-canary-of-the-model-key-0123456789abcdef',
} as const;

/** Who may read each. */
export const PROVIDED_TO: Readonly<Record<keyof typeof PROVIDED, readonly string[]>> = {
  'github-token': ['scheduler'],
  'github-read-token': ['source-relay'],
  'model-key': ['model-gateway'],
};

/**
 * Resolves to a compose file that puts these in the place of `./secrets`. The egress proxy may connect to one private
 * address, as an operator allows for a registry of their own.
 */
export async function provide(folder: string, egressHost: string): Promise<string> {
  const names = Object.keys(PROVIDED) as (keyof typeof PROVIDED)[];
  await mkdir(folder, { recursive: true });
  for (const name of names) await writeFile(path.join(folder, name), `${PROVIDED[name]}\n`, { mode: 0o644 });
  const file = path.join(folder, 'provided.yml');
  const secrets = Object.fromEntries(names.map(name => [name, { file: path.join(folder, name) }]));
  const services = { 'egress-proxy': { environment: { SIGNALBOX_SETUP_PRIVATE_HOSTS: egressHost } } };
  await writeFile(file, JSON.stringify({ secrets, services }));
  return file;
}
