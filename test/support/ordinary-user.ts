/** Runs a program of this checkout as an ordinary user without home, name or privileges, when root runs the tests. */
import { execa } from 'execa';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

export interface OrdinaryUser {
  /** Owned by the user, with everything in it except the checkout. */
  readonly dir: string;
  /** Runs Node with these arguments. */
  readonly node: (args: readonly string[], options?: NodeOptions) => Promise<Ran>;
  readonly remove: () => Promise<void>;
}

interface NodeOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** A path below `dir`; default: the checkout. */
  readonly cwd?: string;
  /** Kills the program, as kill -9 does. */
  readonly killed?: AbortSignal;
}

interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The checkout, Node and other files may be in folders that the user cannot enter, so they are mounted in `dir`, in a
 * mount namespace that ends with the program. Control groups are hidden. `files` keep their names in `dir`.
 */
const SCRIPT = `set -eu
uid=$1; gid=$2; stage=$3; cwd=$4; shift 4
while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift
cd "$cwd"; export HOME="$stage/home" TMPDIR="$stage/tmp"
exec setpriv --reuid "$uid" --regid "$gid" --clear-groups --inh-caps=-all --bounding-set=-all -- "$stage/node" "$@"`;

export async function openOrdinaryUser(
  uid: number,
  files: readonly string[] = [],
  gid = uid,
): Promise<OrdinaryUser> {
  const dir = await mkdtemp(join(tmpdir(), 'ordinary-user-'));
  await chmod(dir, 0o755);
  for (const name of ['checkout', 'home', 'tmp', 'cache']) {
    await mkdir(join(dir, name));
    await chown(join(dir, name), uid, gid);
  }
  const shown = [process.execPath, ...files].map(
    (from, index) => [from, join(dir, index === 0 ? 'node' : basename(from))] as const,
  );
  for (const [, to] of shown) await writeFile(to, '');
  const binds = [[root, join(dir, 'checkout')], ...shown].flat();
  return {
    dir,
    node: async (args, { environment = {}, cwd = 'checkout', killed } = {}) => {
      const words = [String(uid), String(gid), dir, join(dir, cwd), ...binds, '--', ...args];
      const ran = await execa('unshare', ['--mount', '--', 'sh', '-c', SCRIPT, 'sh', ...words], {
        ...{ env: { PATH, ...environment }, extendEnv: false, reject: false, stdin: 'ignore' },
        maxBuffer: 64 * 1024 * 1024,
        ...(killed === undefined ? {} : { cancelSignal: killed, killSignal: 'SIGKILL' as const }),
      });
      return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
