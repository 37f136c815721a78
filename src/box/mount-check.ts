/** Tries in a box whether its user can read what a run will mount. The rights of a file on the host do not say it alone. */
import { stat } from 'node:fs/promises';
import type { FixableTrouble } from '../domain/trouble.ts';
import { runInBox } from './run.ts';
import { shellProgram } from './shell-program.ts';
import { type BoxMount, defaultLimits } from './spec.ts';
import type { BoxTier } from './tier.ts';

const TIMEOUT_MS = 30_000;

/** Undefined if all can be read, and if the box itself does not work: then the run says what is wrong with it. */
export async function mountProblem(
  tier: BoxTier,
  mounts: readonly BoxMount[],
  signal?: AbortSignal,
): Promise<FixableTrouble | undefined> {
  if (mounts.length === 0) return undefined;
  const absent = await absentOf(mounts);
  if (absent.length > 0)
    return {
      what: `the agent mounts what does not exist: ${absent.join(', ')}`,
      fix: 'create it, or correct the settings of the agent',
    };
  const unreadable: string[] = [];
  await runInBox(
    {
      command: '/bin/sh',
      args: [
        '-c',
        shellProgram(new URL('readable.sh', import.meta.url)),
        'sh',
        ...mounts.map(({ to }) => to),
      ],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      readOnlyMounts: mounts,
      stdin: '',
      limits: { ...defaultLimits, wallClockMs: TIMEOUT_MS },
    },
    { tier, onStdoutLine: line => unreadable.push(line), ...(signal === undefined ? {} : { signal }) },
  );
  signal?.throwIfAborted();
  const found = mounts.filter(({ to }) => unreadable.includes(to));
  return found.length === 0 ? undefined : notReadable(found);
}

async function absentOf(mounts: readonly BoxMount[]): Promise<readonly string[]> {
  const absent = await Promise.all(
    mounts.map(({ from }) =>
      stat(from).then(
        () => [],
        (error: unknown) => ((error as NodeJS.ErrnoException).code === 'ENOENT' ? [from] : []),
      ),
    ),
  );
  return absent.flat();
}

function notReadable(found: readonly BoxMount[]): FixableTrouble {
  const named = found.map(({ from, to }) => `${from} (${to} in the box)`).join(', ');
  return {
    what: `the box’s user cannot read what the agent mounts: ${named}`,
    fix: `give all users the right to read, such as chmod -R o+rX ${found[0]?.from ?? ''}`,
  };
}
