/** Replaces `codeowners` by the owners of the changed paths, from the file of the default branch. */
import type { EffectContext } from '../../contracts/activities.ts';
import { CODE_OWNERS_PATHS, ownersOf } from '../../domain/code-owners.ts';
import { type Callee, distinct } from '../../domain/mention.ts';
import { isClearNo } from '../../github/failure.ts';
import { getContents } from '../../github/repository.ts';
import type { SchedulerPorts } from './ports.ts';

export type Mention = Exclude<Callee, 'codeowners'>;

/** At most three requests, and none unless `isNeeded`. */
export async function codeOwners(
  ports: SchedulerPorts,
  context: EffectContext,
  { paths, isNeeded }: { readonly paths: readonly string[]; readonly isNeeded: boolean },
): Promise<readonly Mention[]> {
  return isNeeded && paths.length > 0 ? ownersOf(await fileText(ports, context), paths) : [];
}

async function fileText({ github }: SchedulerPorts, { issue, repository }: EffectContext): Promise<string> {
  const { owner, repo } = issue;
  for (const path of CODE_OWNERS_PATHS) {
    const text = await unlessUnusable(
      getContents(github, { owner, repo, path, ref: repository?.defaultBranch ?? 'HEAD' }),
    );
    if (text !== undefined) return text;
  }
  return '';
}

/** A file that cannot be read names nobody. */
async function unlessUnusable(reading: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!isClearNo(error)) throw error;
    return '';
  }
}

/** The people of a list, each once. */
export function peopleIn(callees: readonly Callee[], owners: readonly Mention[]): readonly Mention[] {
  return distinct(callees.flatMap(callee => (callee === 'codeowners' ? owners : [callee])));
}
