/**
 * `npm run model`: searches every state of the bounded models with the real rules, prints their sizes, and fails with the
 * shortest trace to a state that breaks an invariant.
 */
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { useSources } from '../test/domain/mutants/loader.mjs';
import { inRoot } from './support/root.mjs';

const HELP = `npm run model -- [options]
  --only <text>       only models whose name contains the text
  --quick             only the models that npm test searches
  --acts <n>          so many acts of people and of GitHub, --approvals <n>, --faults <n>: in all models
  --mutant <guard>    search the rules with this guard broken, as the table of npm run mutants names it
  --json              one object per model
  --help              this text
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    acts: { type: 'string' },
    approvals: { type: 'string' },
    faults: { type: 'string' },
    mutant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main() {
  const tag = await mutation();
  const load = name => import(`${pathToFileURL(inRoot('test/domain/model', name)).href}${tag}`);
  const [{ search }, { MODELS, QUICK, widened }] = [await load('search.ts'), await load('models.ts')];
  const models = (values.quick ? QUICK : widened(bounds(), MODELS)).filter(({ name }) =>
    name.includes(values.only),
  );
  if (models.length === 0) process.exitCode = 2;
  for (const model of models) {
    const startedAt = Date.now();
    print(model, search(model), (Date.now() - startedAt) / 1000);
  }
}

/** The rules as they are, or those with one guard broken. */
async function mutation() {
  if (values.mutant === undefined) {
    useSources({});
    return '?mutant=none';
  }
  const { mutantNamed, mutantsOfRules } = await import('../test/domain/mutants/mutants.ts');
  const { switchOn } = await import('../test/domain/mutants/switch.ts');
  const { guards, sources } = mutantsOfRules();
  useSources(sources);
  switchOn(mutantNamed(guards, values.mutant).number);
  return '?mutant=one';
}

function bounds() {
  const given = ['acts', 'approvals', 'faults'].filter(name => values[name] !== undefined);
  return Object.fromEntries(given.map(name => [name, Number(values[name])]));
}

function print({ name, policy, bounds: within }, found, seconds) {
  const { states, transitions, depth, witnessed, broken } = found;
  if (broken !== undefined) process.exitCode = 1;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ name, policy, bounds: within, ...found, seconds })}\n`);
    return;
  }
  const limits = `${within.acts} acts, ${within.approvals} approvals, ${within.faults} faults`;
  const size = `${states} states, ${transitions} transitions, depth ${depth}, ${seconds.toFixed(1)} s`;
  process.stdout.write(`${name} (${limits}): ${size}; reached ${witnessed.join(', ')}\n`);
  if (broken !== undefined)
    process.stdout.write(`broken: ${broken.what}\n${broken.trace.map(move => `  ${move}\n`).join('')}`);
}
