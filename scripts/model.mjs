/**
 * `npm run model`: searches every state of the bounded models with the real rules and prints their sizes. If a state
 * breaks an invariant, prints the shortest path to it and exits with 1.
 */
/** @import { Bounds, Model } from '../test/domain/model/models.ts' */
/** @import { Found } from '../test/domain/model/search.ts' */
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { useSources } from '../test/domain/mutants/loader.mjs';
import { inRoot } from './support/root.mjs';

const HELP = `npm run model -- [options]
  --only <text>       only models whose name contains this text
  --quick             only the models that npm test searches
  --acts <n>          limit the acts of people and of GitHub, in all models
  --approvals <n>     limit the approvals, in all models
  --faults <n>        limit the faults, in all models
  --mutant <guard>    search the rules with this guard broken; use its name from the table of npm run mutants
  --json              print one object per model
  --help              print this text
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
  /** @type {typeof import('../test/domain/model/search.ts')} */
  const { search } = await import(modelUrl('search.ts', tag));
  /** @type {typeof import('../test/domain/model/models.ts')} */
  const { MODELS, QUICK, widened } = await import(modelUrl('models.ts', tag));
  const models = (values.quick ? QUICK : widened(bounds(), MODELS)).filter(({ name }) =>
    name.includes(values.only),
  );
  if (models.length === 0) process.exitCode = 2;
  for (const model of models) {
    const startedAt = Date.now();
    print(model, search(model), (Date.now() - startedAt) / 1000);
  }
}

/**
 * @param {string} name
 * @param {string} tag
 */
function modelUrl(name, tag) {
  return `${pathToFileURL(inRoot('test/domain/model', name)).href}${tag}`;
}

/** Loads the real rules, or the rules with one guard broken. */
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

/** @returns {Partial<Bounds>} */
function bounds() {
  const { acts, approvals, faults } = values;
  return {
    ...(acts === undefined ? {} : { acts: Number(acts) }),
    ...(approvals === undefined ? {} : { approvals: Number(approvals) }),
    ...(faults === undefined ? {} : { faults: Number(faults) }),
  };
}

/**
 * @param {Model} model
 * @param {Found} found
 * @param {number} seconds
 */
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
