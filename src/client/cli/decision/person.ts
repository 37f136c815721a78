/** The name of the person who decides over Temporal. It is unproven, so the best guess is used. */
import { userInfo } from 'node:os';
import { whoAmI } from '../../../github/repository.ts';
import type { Cli } from '../cli.ts';
import { personsGitHub } from '../github.ts';

/** In this order: the flag, `SIGNALBOX_USER`, the token's login, the user name on this machine. */
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
    return 'unknown user at the command line';
  }
}
