/**
 * Takes one lock again and again, as one of several processes, and leaves it each time as a process that died:
 * `dying.ts FORMAT GO_FILE ANSWER_FILE LOCK_FILE TIMES`. Answers `overlap` when another process has the lock as well.
 */
import { existsSync, mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { deadLockText, isLockFormatName, take } from '../support/lock-formats.ts';

const [format = '', goFile = '', answerFile = '', lockFile = '', times = ''] = process.argv.slice(2);
if (!isLockFormatName(format)) throw new Error(`not a format: ${format}`);
const inside = `${answerFile.replace(/[^/]*$/, '')}inside`;
writeFileSync(answerFile, 'waiting');
while (!existsSync(goFile));
try {
  for (let taken = 0; taken < Number(times);) {
    if (take[format](lockFile) === undefined) continue;
    taken += 1;
    mkdirSync(inside);
    rmdirSync(inside);
    const dead = `${answerFile}.dead`;
    writeFileSync(dead, deadLockText(format, process.pid * 10_000 + taken));
    renameSync(dead, lockFile);
  }
  writeFileSync(answerFile, 'done');
} catch (error) {
  writeFileSync(answerFile, `overlap: ${String(error)}`);
}
