/**
 * Writes deploy/seccomp-runner.json: the engine's default profile, and what bubblewrap needs to make a box.
 *   node scripts/seccomp-runner.mjs <default.json>
 * The default profile is in the Go module github.com/moby/profiles/seccomp; `go mod download -json` prints its folder.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot, say } from './support/root.mjs';

/** What the default profile allows only with the capability SYS_ADMIN, which the runner does not have. */
const ADDED = {
  names: ['clone', 'mount', 'pivot_root', 'sethostname', 'umount2', 'unshare'],
  action: 'SCMP_ACT_ALLOW',
  comment: 'bubblewrap: a user namespace, and in it mounts, a new root and a name of the host',
};

const [source] = process.argv.slice(2);
if (source === undefined) {
  say('which profile? Fix: node scripts/seccomp-runner.mjs <default.json>');
  process.exitCode = 2;
} else {
  /** @type {{ syscalls: object[] }} */
  const profile = JSON.parse(readFileSync(source, 'utf8'));
  profile.syscalls.push(ADDED);
  writeFileSync(inRoot('deploy/seccomp-runner.json'), `${JSON.stringify(profile, undefined, 1)}\n`);
}
