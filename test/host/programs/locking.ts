/** Waits for the go file, tries to acquire a lock, writes the answer, and keeps running: `locking.ts <lockFile> <goFile> <answerFile>`. */
import { existsSync, writeFileSync } from 'node:fs';
import { acquireFileLock } from '../../../src/host/file-lock.ts';

const [lockFile = '', goFile = '', answerFile = ''] = process.argv.slice(2);
writeFileSync(answerFile, 'waiting');
while (!existsSync(goFile));
writeFileSync(answerFile, acquireFileLock(lockFile).kind);
setInterval(() => undefined, 1_000);
