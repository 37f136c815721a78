/** Gets the images of others that the compose file and the Dockerfile name: from a registry or, without one, made here. */
import { docker, dockerAnswer } from './docker.ts';
import { needProgram, type Permission } from './engine.ts';
import { imagesOfOthers } from './images.ts';
import { makeStandIns } from './stand-ins/make.ts';
import { BASE } from './stand-ins/table.ts';
import { goIsInstalled } from '../../support/programs/go.ts';
import { orUnavailable, Unavailable } from './unavailable.ts';

const PULL_TIMEOUT_MS = 5 * 60_000;

export async function getImages(permission: Permission): Promise<void> {
  const images = await imagesOfOthers();
  const missing: string[] = [];
  for (const image of images)
    if ((await dockerAnswer('image', 'inspect', image)) === undefined) missing.push(image);
  if (missing.length > 0 && (await isPulled(BASE)))
    for (const image of missing) await orUnavailable(`${image} cannot be pulled`, () => pull(image));
  else await makeImages(images, permission);
}

/** Also those that are here: a stand-in may be older than its recipe. */
async function makeImages(images: readonly string[], permission: Permission): Promise<void> {
  if (!goIsInstalled())
    throw new Unavailable('no registry answers, and Go is not installed to make images with');
  await needProgram('mmdebstrap', permission);
  await makeStandIns(images, permission.say);
}

async function isPulled(image: string): Promise<boolean> {
  return await pull(image).then(
    () => true,
    () => false,
  );
}

async function pull(image: string): Promise<void> {
  await docker(['pull', '--quiet', image], { timeoutMs: PULL_TIMEOUT_MS });
}
