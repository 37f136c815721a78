/**
 * `npm run fuzz`: gives every parser of outside text generated inputs. Prints the seed of each target before it starts, and
 * for a broken property the smallest input and the command that repeats it. Exits with 1 when a property is broken.
 */
/** @import { FuzzFailure } from '../test/fuzz/fuzz.ts' */
import { parseArgs } from 'node:util';
import { fuzz } from '../test/fuzz/fuzz.ts';
import { fuzzTargets } from '../test/fuzz/target.ts';

const HELP = `npm run fuzz -- [options]
  --seconds <n>   time for all targets together, 60 by default
  --only <name>   only this target
  --seed <n>      repeat the inputs of an earlier run
  --path <path>   with --only and --seed: only the input of an earlier failure
  --help          this text
`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    only: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    path: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main() {
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  const all = await fuzzTargets();
  const targets = all.filter(({ name }) => values.only === undefined || name === values.only);
  if (!(seconds > 0) || !Number.isInteger(seed) || targets.length === 0) {
    process.stderr.write(`${HELP}targets: ${all.map(({ name }) => name).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  for (const target of targets) {
    process.stdout.write(`${target.name}: seed ${seed}, `);
    const startedAt = Date.now();
    const { inputs, failure } = await fuzz(target, {
      seed,
      ms: (seconds * 1000) / targets.length,
      ...(values.path === undefined ? {} : { path: values.path }),
    });
    const spent = `${inputs} inputs in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    process.stdout.write(
      `${spent}: ${failure === undefined ? 'holds' : broken(target.name, seed, failure)}\n`,
    );
    if (failure !== undefined) process.exitCode = 1;
  }
}

/**
 * @param {string} name
 * @param {number} seed
 * @param {FuzzFailure} failure
 */
function broken(name, seed, { path, input, error }) {
  const repeat = `npm run fuzz -- --only ${name} --seed ${seed} --path ${path}`;
  return `BROKEN\n  ${error}\n  input: ${input}\n  repeat: ${repeat}`;
}
