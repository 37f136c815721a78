/** `npm run record-history`: keeps the histories of new scenes for the replay tests; `-- --anew` records all of them anew. */
import { recordHistories } from '../test/replay/support/record.ts';

const names = await recordHistories({ anew: process.argv.includes('--anew') });
process.stdout.write(
  names.length === 0 ? 'every scene has its history\n' : `recorded: ${names.join(', ')}\n`,
);
process.exit(0);
