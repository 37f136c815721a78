/**
 * `npm run soak -- [COUNT] [SEED]`: plays COUNT generated sequences, 100,000 by default. The last line of stdout gives the
 * count, the seed, and whether an invariant broke.
 */
import { runJest } from './support/jest.mjs';

const [count = '100000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
const startedAt = Date.now();
const { code } = await runJest(['test/domain/sequences.test.ts'], {
  env: { ...process.env, SIGNALBOX_TEST_SEQUENCES: count, SIGNALBOX_TEST_SEED: seed },
});
const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
const verdict = code === 0 ? 'no invariant broke' : 'BROKEN, see above';
process.stdout.write(`soak: ${count} sequences, seed ${seed}, ${minutes} min: ${verdict}\n`);
process.exitCode = code === 0 ? 0 : 1;
