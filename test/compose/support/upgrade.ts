/** The next version of the images: the same program, with workflow code that has another build id. */
import { docker } from './docker.ts';

const IMAGES = ['signalbox', 'signalbox-runner'];
const BUNDLE = '/app/dist/workflow-bundle.js';

/** Resolves to its tag. */
export async function upgradedImages(from: string): Promise<string> {
  const to = `${from}-next`;
  for (const image of IMAGES) {
    const dockerfile = [
      `FROM ${image}:${from}`,
      'USER root',
      // In its first line: its last one is a source map, which the worker reads.
      `RUN sed -i '1s|^|/* the next version */ |' ${BUNDLE}`,
      'USER node',
    ].join('\n');
    await docker(['build', '--quiet', '--tag', `${image}:${to}`, '-'], { input: dockerfile });
  }
  return to;
}
