/** A shell starts the command in the box. It reads the environment from a file, which keeps it out of process lists. */
import { shellWord } from '../../host/shell-word.ts';

/** The shell writes this line to standard error just before the command starts. */
export const STARTED_LINE = 'signalbox: the box has started';

export const ENVIRONMENT_FILE = 'environment';

/** The environment as shell commands. Throws if a name is not valid in a shell: that is a bug. */
export function exports(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name))
        throw new Error(`not a valid name of an environment variable: ${name}`);
      return `export ${name}=${shellWord(value)}\n`;
    })
    .join('');
}
