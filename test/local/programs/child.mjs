/**
 * A supervised program with configurable behaviour: `child.mjs <pidFile> [options]`.
 * --ignore-term: ignores SIGTERM · --grandchild <pidFile>: starts a child in its group · --die-ms <n>: fails after n ms
 * --fail: fails immediately · --silent: never reports that it is ready · --secret <file>: writes its secret to the file
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [pidFile = '', ...options] = process.argv.slice(2);
/** @param {string} name */
const has = name => options.includes(name);
/** @param {string} name */
const valueOf = name => options[options.indexOf(name) + 1] ?? '';

if (has('--fail')) {
  process.stderr.write('first line\nthe \u001b[31mreason\u001b[0m in the log\n');
  process.exit(3);
}
if (has('--ignore-term')) process.on('SIGTERM', () => {});
if (has('--grandchild')) {
  const grandchild = spawn(
    process.execPath,
    ['-e', "process.on('SIGTERM',()=>{});setInterval(()=>{},1000)"],
    { stdio: 'ignore' },
  );
  writeFileSync(valueOf('--grandchild'), `${grandchild.pid}\n`);
}
if (has('--secret')) writeFileSync(valueOf('--secret'), readFileSync(4, 'utf8'));
setInterval(() => {}, 1_000);
writeFileSync(pidFile, `${process.pid}\n`);
if (!has('--silent')) process.send?.({ ready: true });
if (has('--die-ms')) setTimeout(() => process.exit(7), Number(valueOf('--die-ms')));
