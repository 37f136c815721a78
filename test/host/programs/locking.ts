/**
 * Takes lock files in a race, as one of several processes, and then stays: `locking.ts FORMAT GO_FILE ANSWER_FILE LOCK_FILE…`.
 * Waits for GO_FILE, tries each lock once, and answers with the names of those that it got.
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isLockFormatName, take } from '../support/lock-formats.ts';

const [format = '', goFile = '', answerFile = '', ...lockFiles] = process.argv.slice(2);
if (!isLockFormatName(format)) throw new Error(`not a format: ${format}`);
writeFileSync(answerFile, 'waiting');
while (!existsSync(goFile));
const taken = lockFiles.filter(file => take[format](file) !== undefined);
writeFileSync(answerFile, `taken: ${taken.map(file => path.basename(file)).join(' ')}`);
setInterval(() => undefined, 1_000);
