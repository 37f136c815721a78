/** Keeps the workspace of a failed run on the runner for inspection, if the policy asks for it, and notes where. */
import { hostname } from 'node:os';
import type { Workspace } from '../../box/workspace.ts';
import type { Ending } from '../../domain/ending.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RunEnd } from '../../domain/state/work.ts';

/** The agent reported its result, or the run was cancelled: the workspace would explain nothing more. */
const NOTHING_TO_INSPECT: readonly Ending[] = [
  'patch',
  'no-change',
  'analysis',
  'blocked',
  'needs-human',
  'cancelled',
];

export async function keptIfAsked(
  end: RunEnd,
  { workspace, policy }: { readonly workspace: Workspace; readonly policy: Policy },
): Promise<RunEnd> {
  if (!policy.workspace.keepOnFailure || NOTHING_TO_INSPECT.includes(end.ending)) return end;
  const sealed = await workspace.seal();
  const keptWorkspace =
    'file' in sealed ? `${hostname()}:${sealed.file}` : `could not keep the workspace: ${sealed.problem}`;
  return { ...end, keptWorkspace };
}
