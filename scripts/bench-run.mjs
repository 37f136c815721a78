/**
 * `npm run bench:run [-- --rounds N --files N --json]`: measures, in turns, a bare agent run and a boxed run with the same
 * scripted model; then the parts of the difference, and the delay of the model's stream.
 */
import { parseArgs } from 'node:util';
import { benchRun } from './bench/run.ts';
import { say } from './support/root.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    files: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});
/** @param {string} text @param {number} most */
const bounded = (text, most) => Math.min(Math.max(Number.parseInt(text, 10) || 1, 1), most);
const figures = await benchRun({
  rounds: bounded(values.rounds, 100),
  files: bounded(values.files, 20_000),
  say: values.json ? () => undefined : say,
});
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
