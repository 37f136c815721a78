/** `npm run record-history`: records histories of new scenes for the replay tests; `-- --anew` records all scenes again. */
import { recordHistories } from '../test/replay/support/record.ts';

const names = await recordHistories({ anew: process.argv.includes('--anew') });
process.stdout.write(
  names.length === 0 ? 'every scene has a history: nothing to record\n' : `recorded: ${names.join(', ')}\n`,
);
process.exit(0);
