/** The official download: the Temporal SDK fetches it in a separate process, which is killed when no data arrives. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepInCache } from './cache.ts';
import { WANTED_VERSION } from './release.ts';
import type { Route, RouteContext } from './route.ts';
import { runTool } from './run-tool.ts';

const program = fileURLToPath(new URL('./sdk-download.mjs', import.meta.url));
export interface DownloadLimits {
  readonly wholeTimeoutMs: number;
  /** Some networks silently drop packets; then the next route should be tried soon. */
  readonly silenceTimeoutMs: number;
}

const defaultLimits: DownloadLimits = { wholeTimeoutMs: 300_000, silenceTimeoutMs: 15_000 };
const LOOK_EVERY_MS = 250;

export function sdkRoute(limits: DownloadLimits = defaultLimits): Route {
  return {
    name: 'official download',
    find: context =>
      keepInCache(context, async folder => {
        context.onProgress(`downloading the Temporal CLI ${WANTED_VERSION}`);
        await downloadInto(folder, context, limits);
        const name = (await readdir(folder)).find(entry => !entry.endsWith('.downloading'));
        if (name === undefined) throw new Error('the SDK downloaded no file');
        return path.join(folder, name);
      }),
  };
}

async function downloadInto(folder: string, context: RouteContext, limits: DownloadLimits): Promise<void> {
  const silence = new AbortController();
  const signal = AbortSignal.any([context.signal, silence.signal]);
  const watch = watchGrowth(folder, limits.silenceTimeoutMs, context.onProgress);
  void watch.silent.then(cause => silence.abort(cause));
  try {
    const args = [program, folder, WANTED_VERSION];
    const timeoutMs = limits.wholeTimeoutMs;
    await runTool({ ...context, signal }, { command: process.execPath, args, cwd: folder, timeoutMs });
  } finally {
    watch.stop();
  }
}

interface GrowthWatch {
  readonly silent: Promise<Error>;
  stop(): void;
}

function watchGrowth(
  folder: string,
  silenceTimeoutMs: number,
  onProgress: (text: string) => void,
): GrowthWatch {
  let bytes = 0;
  let lastGrowthMs = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<Error>(resolve => {
    const look = async (): Promise<void> => {
      const now = await bytesIn(folder);
      if (now > bytes) {
        lastGrowthMs = Date.now();
        onProgress(`downloading the Temporal CLI ${WANTED_VERSION}: ${Math.round(now / 1e6)} MB`);
      } else if (Date.now() - lastGrowthMs > silenceTimeoutMs) {
        resolve(new Error(`no data for ${silenceTimeoutMs / 1000} s`));
      }
      bytes = now;
    };
    timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  });
  return { silent, stop: () => clearInterval(timer) };
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async name => (await stat(path.join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
