/** Programs of others that stages run for real, built once from their source with Go and kept in the user's cache folder. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { findOnPath } from '../../../src/host/executable.ts';
import { defaultCacheDir, keepBinary } from '../../../src/local/temporal-server/cache.ts';

export interface GoProgram {
  readonly name: string;
  /** The path of its main package. */
  readonly pkg: string;
  readonly version: string;
  /** Passed to the linker. */
  readonly ldflags?: string;
}

const BUILD_TIMEOUT_MS = 15 * 60_000;

export function goIsInstalled(): boolean {
  return findOnPath(['go'], process.env['PATH'] ?? '') !== undefined;
}

/** By path: what several members of a cluster ask for at the same time is built once. */
const building = new Map<string, Promise<string>>();

/** Resolves to the path of the program. Static, so that it also runs in an image without a C library. */
export async function goProgram(program: GoProgram): Promise<string> {
  const kept = path.join(defaultCacheDir(process.env), 'programs', `${program.name}-${program.version}`);
  if (existsSync(kept)) return kept;
  const built = building.get(kept) ?? build(program, kept).finally(() => building.delete(kept));
  building.set(kept, built);
  return await built;
}

async function build({ name, pkg, version, ldflags = '' }: GoProgram, kept: string): Promise<string> {
  return await keepBinary(kept, async folder => {
    const go = async (...args: string[]): Promise<void> => {
      await execa('go', args, {
        cwd: folder,
        env: { CGO_ENABLED: '0', GOFLAGS: '-mod=mod' },
        timeout: BUILD_TIMEOUT_MS,
      });
    };
    await writeFile(path.join(folder, 'go.mod'), 'module stage\n');
    await go('get', '-tool', `${pkg}@${version}`);
    const binary = path.join(folder, name);
    await go('build', '-trimpath', `-ldflags=-s -w ${ldflags}`, '-o', binary, pkg);
    return binary;
  });
}

/** Resolves to the folder of a module's source, in Go's own cache. */
export async function goModuleFolder(module: string, version: string): Promise<string> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', `${module}@${version}`], {
    timeout: BUILD_TIMEOUT_MS,
  });
  const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
  return folder;
}
