/** Who decides over Temporal: by their own word, so the best name there is. */
import { userInfo } from 'node:os';
import { whoAmI } from '../../../github/repository.ts';
import type { Cli } from '../cli.ts';
import { personsGitHub } from '../github.ts';

/** The flag, `SIGNALBOX_USER`, the login behind the token, the name on this machine. */
export async function personName(cli: Cli, flag: string | undefined): Promise<string> {
  const set = flag ?? cli.settings().values['SIGNALBOX_USER'];
  if (set !== undefined) return set;
  const github = personsGitHub(cli);
  return github === undefined ? machineName() : await whoAmI(github).catch(() => machineName());
}

function machineName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody at the command line';
  }
}
