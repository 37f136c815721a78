/** The part of the environment that third-party tools (pip, go, temporal) need; never one of our tokens or keys. */
import type { Environment } from '../config/environment.ts';

const passedOn = [
  /^(?:PATH|HOME|USER|LANG|TZ|TMPDIR|TEMP|TMP|SHELL)$/,
  /^(?:LC|XDG|PIP|PYENV|PYTHON|GO|SSL_CERT)[A-Z0-9_]*$/,
  /^(?:https?|all|no)_proxy$/i,
  /^NODE_EXTRA_CA_CERTS$/,
  /^(?:SystemRoot|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE)$/i,
];

export function toolEnvironment(environment: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && passedOn.some(pattern => pattern.test(name))) kept[name] = value;
  }
  // Temporal's server does not start without a user name, and a user id in a container may have none.
  return { USER: `uid-${process.getuid?.() ?? 0}`, ...kept };
}
