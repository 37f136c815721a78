/** The container engines of this machine, and an image made from the machine's programs, so that no registry is needed. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

import {
  callEngine,
  ENGINE_NAMES,
  engineCommand,
  type EngineName,
} from '../../../src/box/container/engine.ts';
import { processSettings } from '../../../src/config/environment.ts';
import { findOnPath } from '../../../src/host/executable.ts';

export interface TestEngine {
  readonly name: EngineName;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Engines that answer; they may still be unable to start a container. */
export async function answeringEngines(): Promise<readonly TestEngine[]> {
  const { engineEnvironment } = processSettings(process.env);
  const found: TestEngine[] = [];
  for (const name of ENGINE_NAMES) {
    const command = engineCommand(name, engineEnvironment);
    if (command === undefined) continue;
    const { ok, stdout } = await callEngine(command, ['info', '--format', '{{json .}}']);
    if (ok && stdout.trim().startsWith('{')) found.push({ name, ...command });
  }
  return found;
}

const PROGRAMS =
  `sh bash env git node cat head tail tr yes seq sleep mkdir rm cp ln ls touch id chmod dd setsid unshare true
  false grep sed find stat wc kill`.split(/\s+/);

/** Creates an image from programs of this machine. */
export async function makeImage(
  engine: TestEngine,
  reference: string,
  {
    without = [],
    changes = [],
  }: { readonly without?: readonly string[]; readonly changes?: readonly string[] } = {},
): Promise<void> {
  const files = await filesOf(PROGRAMS.filter(program => !without.includes(program)));
  const options = changes.flatMap(change => ['--change', change]);
  const script =
    'engine=$1; reference=$2; shift 2; tar --create --dereference --files-from=- 2>&3 | "$engine" import "$@" - "$reference"';
  execFileSync('sh', ['-c', `exec 3>&2; ${script}`, 'image', engine.path, reference, ...options], {
    ...{ input: files.join('\n'), env: { ...engine.environment }, stdio: ['pipe', 'ignore', 'ignore'] },
  });
}

export async function removeImage(engine: TestEngine, reference: string): Promise<void> {
  await callEngine(engine, ['image', 'rm', '--force', reference]);
}

/** The programs and their libraries, at the paths where they are expected. */
async function filesOf(programs: readonly string[]): Promise<readonly string[]> {
  const files = new Set(['/bin/sh', '/bin/bash', '/usr/bin/env']);
  for (const program of programs) {
    const file = program === 'node' ? process.execPath : whereIs(program);
    if (file === undefined) continue;
    files.add(file);
    const { stdout } = await run('ldd', [file]).catch(() => ({ stdout: '' }));
    for (const [library] of stdout.matchAll(/\/\S+/g)) files.add(library);
  }
  return [...files];
}

const run = promisify(execFile);

/** Does not ask a shell, where some of them are built in. */
function whereIs(program: string): string | undefined {
  return findOnPath([program], process.env['PATH'] ?? '');
}
