/** Starts to build a layer as a runner does, then hangs until it is killed. Usage: building.ts ROOT_DIR KEY CHECKOUT */
import { setTimeout as delay } from 'node:timers/promises';
import { defaultLayerLimits, withLayer } from '../../../../src/box/layers/store.ts';

const [rootDir = '', key = '', checkout = ''] = process.argv.slice(2);
await withLayer(
  {
    ...{ rootDir, key, limits: defaultLayerLimits, signal: new AbortController().signal },
    build: async take => {
      await take(checkout, new Set());
      process.stdout.write('building\n');
      await delay(600_000);
    },
  },
  () => Promise.resolve(),
);
