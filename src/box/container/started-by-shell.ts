/** A shell starts the command in the box: it takes the environment from a file, which no process list shows, and says so. */
import { shellWord } from '../../host/shell-word.ts';

/** The line on standard error after which everything is the command's own. */
export const STARTED_LINE = 'signalbox: the box has started';

export const ENVIRONMENT_FILE = 'environment';

/** For a shell to read; a name that it could not give on is a mistake of ours. */
export function exports(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`not a name for a box’s environment: ${name}`);
      return `export ${name}=${shellWord(value)}\n`;
    })
    .join('');
}
