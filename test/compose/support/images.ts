/** The images of others that the compose file and the Dockerfile name, so that no version is written a second time. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from '../../../scripts/support/root.mjs';

interface ComposeFile {
  readonly services?: Readonly<Record<string, { readonly image?: string; readonly build?: unknown }>>;
}

export async function imagesOfOthers(): Promise<readonly string[]> {
  const [compose, dockerfile] = await Promise.all(
    ['docker-compose.yml', 'Dockerfile'].map(name => readFile(path.join(root, name), 'utf8')),
  );
  return [...new Set([...imagesOfCompose(compose ?? ''), ...imagesOfDockerfile(dockerfile ?? '')])];
}

/** Those that no service builds, with the defaults of variables. */
export function imagesOfCompose(text: string): readonly string[] {
  const { services = {} } = parse(text, { merge: true, maxAliasCount: -1 }) as ComposeFile;
  const all = Object.values(services);
  const built = new Set(all.flatMap(({ image, build }) => (build === undefined ? [] : [image])));
  return all.flatMap(({ image }) =>
    image === undefined || built.has(image) ? [] : [withDefaults(image, {})],
  );
}

/** Those of `FROM` that are no stage of the file. */
export function imagesOfDockerfile(text: string): readonly string[] {
  const args: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/^ARG (\w+)=(\S+)$/gm)) args[name] = value;
  const stages = new Set(['scratch']);
  const images: string[] = [];
  for (const [, from = '', stage] of text.matchAll(/^FROM (?:--\S+ )?(\S+)(?: AS (\S+))?$/gim)) {
    const image = withDefaults(from, args);
    if (!stages.has(image)) images.push(image);
    if (stage !== undefined) stages.add(stage);
  }
  return images;
}

function withDefaults(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    /\$\{(\w+)(?::?-([^}]*))?\}/g,
    (_, name: string, otherwise?: string) => values[name] ?? otherwise ?? '',
  );
}
