/** Whether what a run left stays on the runner for a person to look at, and what the run's end says about it. */
import { hostname } from 'node:os';
import type { Workspace } from '../../box/workspace.ts';
import type { Ending } from '../../domain/ending.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RunEnd } from '../../domain/state/work.ts';

/** The agent said what it came to, or the run was called off: there is nothing to find out. */
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
    'file' in sealed ? `${hostname()}:${sealed.file}` : `could not be kept: ${sealed.problem}`;
  return { ...end, keptWorkspace };
}
