/** A small checkout with our own scripts and stand-ins for the tools that they run. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder, textOf, type Folder } from './support.ts';

const repository = path.resolve(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Checkout extends Folder {
  write(name: string, text: string): void;
  run(args: readonly string[]): Promise<Outcome>;
  /** How often the stand-in compiler ran. */
  builds(): number;
  setEngine(range: string): void;
  /** Stand-ins for the checks, which exit with this code, and for Jest, which reports this. */
  setTools(checkCode: number, report: Readonly<Record<string, unknown>>): void;
}

/** The compiler counts its runs, so that a test can see whether a build took place. */
const compiler = `require('fs').mkdirSync('dist/src', { recursive: true });
require('fs').appendFileSync('builds.log', 'build\\n');
for (const f of require('fs').readdirSync('src').filter(n => n.endsWith('.ts'))) require('fs').writeFileSync('dist/src/' + f.replace('.ts', '.js'), '');
const until = Date.now() + 300; while (Date.now() < until);`;
const checkTools = [
  'eslint/bin/eslint.js',
  'prettier/bin/prettier.cjs',
  'dependency-cruiser/bin/dependency-cruise.mjs',
  'knip/bin/knip.js',
];

export async function smallCheckout(): Promise<Checkout> {
  const folder = temporaryFolder();
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(folder.file(name)), { recursive: true });
    writeFileSync(folder.file(name), text);
  };
  const run = (args: readonly string[]): Promise<Outcome> => runIn(folder.path, process.execPath, args);
  for (const part of ['scripts', 'bin'])
    cpSync(path.join(repository, part), folder.file(part), { recursive: true });
  write('stand-in/package/package.json', JSON.stringify({ name: 'typescript', version: '1.0.0' }));
  write('stand-in/package/bin/tsc', compiler);
  await runIn(folder.file('stand-in'), 'tar', ['czf', '../typescript.tgz', 'package']);
  write(
    'package.json',
    JSON.stringify({
      type: 'module',
      engines: { node: '>=20.5.0' },
      dependencies: { typescript: 'file:typescript.tgz' },
    }),
  );
  await runIn(folder.path, 'npm', ['install', '--offline', '--package-lock-only', '--no-audit', '--no-fund']);
  write('src/one.ts', '');
  write('src/text/help.md', 'help');
  return {
    ...folder,
    write,
    run,
    builds: () => textOf(folder.file('builds.log')).split('\n').length - 1,
    setEngine(range) {
      const manifest = JSON.parse(readFileSync(folder.file('package.json'), 'utf8')) as object;
      write('package.json', JSON.stringify({ ...manifest, engines: { node: range } }));
    },
    setTools(checkCode, report) {
      for (const tool of checkTools) write(`node_modules/${tool}`, `process.exit(${checkCode})`);
      const zero = {
        numPassedTests: 0,
        numFailedTests: 0,
        numRuntimeErrorTestSuites: 0,
        testResults: [],
      };
      const all = { ...zero, ...report };
      const jest = `const file = process.argv.find(a => a.startsWith('--outputFile='))?.slice(13);
console.log('output of jest');
if (file) require('fs').writeFileSync(file, ${JSON.stringify(JSON.stringify(all))});
process.exit(${all.numFailedTests + all.numRuntimeErrorTestSuites === 0 ? 0 : 1});`;
      write('node_modules/jest/bin/jest.js', jest);
    },
  };
}

function runIn(cwd: string, command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', code => resolve({ code, stdout, stderr }));
  });
}
