/** Makes the missing images of a list under their public names, where no registry can be reached. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inOwnFolder } from '../../../../src/host/own-folder.ts';
import { docker, dockerAnswer } from '../docker.ts';
import { orUnavailable } from '../unavailable.ts';
import { parseReference } from './reference.ts';
import { BASE, STAND_INS, type StandIn } from './table.ts';

/** Its value is a digest of what the stand-in was made from. An image without this label is never replaced. */
export const STAND_IN_LABEL = 'dev.signalbox.stand-in';
const BUILD_TIMEOUT_MS = 5 * 60_000;

/** Resolves to the names of the images that it made. */
export async function makeStandIns(
  images: readonly string[],
  say: (text: string) => void,
): Promise<readonly string[]> {
  const made: string[] = [];
  // All others are built on the base.
  for (const image of new Set([BASE, ...images])) {
    const { standIn, digest } = await recipeOf(image);
    const found = await dockerAnswer(
      'image',
      'inspect',
      '--format',
      `{{index .Config.Labels "${STAND_IN_LABEL}"}}`,
      image,
    );
    if (found !== undefined && (found === '' || found === digest)) continue;
    say(`making a stand-in of ${image}`);
    await build(image, standIn, digest);
    made.push(image);
  }
  return made;
}

async function recipeOf(image: string): Promise<{ standIn: StandIn; digest: string }> {
  const standIn = STAND_INS[parseReference(image).name];
  if (standIn === undefined) throw new Error(`there is no stand-in of ${image}`);
  const hash = createHash('sha256').update(image);
  for (const file of await filesBehind(standIn)) hash.update(file).update(await readFile(file));
  return { standIn, digest: hash.digest('hex').slice(0, 16) };
}

/** The recipes of all, and the files of this one. */
async function filesBehind(standIn: StandIn): Promise<readonly string[]> {
  const folders = [import.meta.dirname, sourceOf(standIn)];
  const names = await Promise.all(
    folders.map(async folder => (await readdir(folder)).map(name => path.join(folder, name))),
  );
  return names
    .flat()
    .filter(name => path.extname(name) !== '' || path.basename(name) === 'Dockerfile')
    .sort();
}

async function build(image: string, standIn: StandIn, digest: string): Promise<void> {
  const { tag } = parseReference(image);
  await inOwnFolder(path.join(tmpdir(), 'signalbox-stand-in-'), async folder => {
    await cp(sourceOf(standIn), folder, { recursive: true });
    // What is missing then is a download; a recipe that fails is a defect of ours.
    await orUnavailable(`the parts of ${image} cannot be had`, () => standIn.add({ folder, tag }));
    const buildArgs = Object.entries(standIn.buildArgs?.(tag) ?? {});
    await docker(
      ['build', '--quiet', '--tag', image, '--label', `${STAND_IN_LABEL}=${digest}`]
        .concat(buildArgs.flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]))
        .concat(folder),
      { timeoutMs: BUILD_TIMEOUT_MS },
    );
  });
}

function sourceOf({ folder }: StandIn): string {
  return path.join(import.meta.dirname, folder);
}
