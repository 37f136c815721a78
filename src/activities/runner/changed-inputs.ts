/** Names every file that the commands read and the change edits, with the lines that differ: such a file can make checks pass. */
import type { Policy } from '../../domain/policy.ts';
import { defaultCommandInputs } from '../../git/command-inputs.ts';
import {
  ABSENT_MODE,
  blobSizes,
  type ObjectSource,
  type RawChange,
  rawChanges,
  readBlobs,
} from '../../git/objects.ts';
import { protectedPathMatcher } from '../../git/protected-paths.ts';
import { differenceText } from './differing-lines.ts';
import { headCommit, type VerificationWork } from './verification-work.ts';

const NAMED_MAX = 20;
const FILE_BYTES_MAX = 8 * 1024 * 1024;

export async function changedInputs(work: VerificationWork): Promise<readonly string[]> {
  const { policy, input } = work;
  const isInput = inputMatcher(policy);
  if (!input.effect.files.some(({ path }) => isInput(path))) return [];
  const source = headCommit(work);
  const changes = await rawChanges(source, input.effect.base, source.commit);
  const found = changes.filter(({ path }) => isInput(path));
  const notes: string[] = [];
  for (const change of found.slice(0, NAMED_MAX)) notes.push(await noteOn(source, change));
  const more = found.length - NAMED_MAX;
  return more > 0 ? [...notes, `the change edits ${more} more files that the commands read`] : notes;
}

/** Globs of the policy, and files that its commands name. Another case must not hide a file. */
function inputMatcher({ verification }: Policy): (path: string) => boolean {
  const { commands, testCommand, testFileCommand = '', inputs = defaultCommandInputs } = verification;
  const { matches } = protectedPathMatcher(inputs);
  const lines = [...commands.map(command => command.run), testCommand, testFileCommand];
  const words = lines
    .flatMap(line => line.split(/[\s'"`=;|&()<>]+/))
    .map(word => word.replace(/^(?:\.{1,2}\/)+/, ''));
  const named = new Set(words);
  const files = new Set(words.filter(word => /[./]./.test(word)));
  return path => matches(path) || named.has(path) || endsOf(path).some(end => files.has(end));
}

/** A command can change the folder first, and some programs add the ending themselves. */
function endsOf(path: string): readonly string[] {
  const names = path.split('/');
  const ends = names.map((_name, index) => names.slice(index).join('/'));
  return ends.flatMap(end => [end, end.replace(/\.\w{1,5}$/, '')]);
}

async function noteOn(source: ObjectSource, change: RawChange): Promise<string> {
  const subject = `the change ${verbOf(change)} ${change.path}, which the commands read`;
  const [before, after] = [await textOf(source, change, 'old'), await textOf(source, change, 'new')];
  if (before === undefined || after === undefined) return `${subject}; it is too large or not text`;
  return `${subject}: ${differenceText(before, after)}`;
}

function verbOf({ oldMode, newMode }: RawChange): string {
  if (oldMode === ABSENT_MODE) return 'adds';
  return newMode === ABSENT_MODE ? 'deletes' : 'edits';
}

/** `undefined` for a file that is too large or not text; empty for one that does not exist. */
async function textOf(
  source: ObjectSource,
  change: RawChange,
  side: 'old' | 'new',
): Promise<string | undefined> {
  const [mode, sha] = side === 'old' ? [change.oldMode, change.oldSha] : [change.newMode, change.newSha];
  if (mode === ABSENT_MODE) return '';
  const [size = Number.POSITIVE_INFINITY] = await blobSizes(source, [sha]);
  if (size > FILE_BYTES_MAX) return undefined;
  const text = (await readBlobs(source, [sha], FILE_BYTES_MAX)).get(sha)?.toString('utf8');
  return text?.includes('\0') === true ? undefined : text;
}
