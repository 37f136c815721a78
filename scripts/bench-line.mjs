/**
 * `npm run bench:line [-- --issues N --up-to-date true|head|false --json]`: many issues of one repository at once, with the
 * real processes. Prints what people had to approve, what was verified, and the requests to GitHub.
 */
import { parseArgs } from 'node:util';
import { benchLine } from './bench/line.ts';
import { say } from './support/root.mjs';

const { values } = parseArgs({
  options: {
    issues: { type: 'string', default: '10' },
    'up-to-date': { type: 'string', default: 'true' },
    json: { type: 'boolean', default: false },
  },
});
const issues = Math.min(Math.max(Number.parseInt(values.issues, 10) || 1, 1), 100);
const figures = await benchLine(issues, values['up-to-date']);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`);
