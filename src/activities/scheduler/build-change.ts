/** Builds the commit from the bytes that left the box and judges it. Does not push. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { DIFF_BYTES_MAX } from '../../contracts/bounds.ts';
import { COMMIT_IDENTITY, type CommitIdentity } from '../../domain/commit-identity.ts';
import type { Change, Refusal } from '../../domain/state/work.ts';
import type { BuildPlan } from '../../domain/step.ts';
import { diffText } from '../../git/diff-text.ts';
import { patchId } from '../../git/patch-id.ts';
import { type ChangeInput, type ChangePorts, type JudgedChange, withJudgedChange } from '../change.ts';
import type { SchedulerPorts } from './ports.ts';
import { changeInput, changePorts } from './change-ports.ts';
import { outdatedPaths } from './outdated.ts';

/** Most paths or refusals that go into the workflow's state. */
const LISTED_MAX = 50;

export function buildChange(ports: SchedulerPorts): SchedulerActivities['buildChange'] {
  return async ({ context, effect }) => {
    const input = await changeInput(ports, context, effect);
    const paths = await outdatedPaths(changePorts(ports, context), input);
    const { runId, base } = effect;
    if (paths.length > 0) return { type: 'change-outdated', runId, base, paths: paths.slice(0, LISTED_MAX) };
    const result = await builtChange(changePorts(ports, context), { ...input, maker: ports.commitMaker });
    if ('refusals' in result)
      return { type: 'change-refused', runId, refusals: result.refusals.slice(0, LISTED_MAX) };
    return { type: 'change-built', change: result };
  };
}

/** Returns the judged commit with its diff, or the refusals. */
async function builtChange(
  ports: ChangePorts,
  input: ChangeInput,
): Promise<Change | { readonly refusals: readonly Refusal[] }> {
  return await withJudgedChange(ports, input, judged => changeFacts(ports, input.plan, judged));
}

/** The facts that the rules get about a built and judged change. */
export async function changeFacts(
  { artifacts }: Pick<ChangePorts, 'artifacts'>,
  { runId, base, from }: BuildPlan,
  { mirror, built, judgement }: JudgedChange,
): Promise<Change> {
  const source = { mirror, objectDirectory: built.quarantine.objectDirectory };
  // The diff that a person sees at a gate; a larger one becomes its list of files.
  const diff = await diffText({ ...source, base, commit: built.commit, bytesMax: DIFF_BYTES_MAX });
  const patch = await patchId(source, base, built.commit);
  return {
    runId,
    ...(from === undefined ? {} : { base }),
    commit: built.commit,
    tree: built.tree,
    ...(isDefault(built.author) ? {} : { author: built.author }),
    ...(built.signature === undefined ? {} : { signature: built.signature }),
    files: judgement.files.map(({ path, status }) => ({ path, status })),
    protectedPaths: judgement.protectedPaths,
    diff: await artifacts.put(Buffer.from(diff.text, 'utf8'), 'text/x-diff'),
    ...(patch === undefined ? {} : { patch }),
  };
}

function isDefault({ name, email }: CommitIdentity): boolean {
  return name === COMMIT_IDENTITY.name && email === COMMIT_IDENTITY.email;
}
