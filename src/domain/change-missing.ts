/** The hold of a release that contains the merge but not its change. */
import { blockedHold, type HoldStep, releaseOwnerOf } from './hold.ts';
import type { IssueState } from './state.ts';
import type { ChangeMissing, ReleaseFacts } from './state/release.ts';
import { targetBranch, targetText } from './target.ts';

/** Perhaps someone wanted it, so no revert and no new run is offered: the owner decides. */
export function changeMissing(state: IssueState, { missing = [] }: ReleaseFacts): HoldStep | undefined {
  const worst = missing.find(({ how }) => how === 'gone') ?? missing[0];
  if (worst === undefined) return undefined;
  const { reason, fix } = MISSING[worst.how];
  return blockedHold(state, {
    reason: `${reason} ${placeText(state, worst)}${pathsText(worst)}`,
    fix,
    who: releaseOwnerOf(state),
  });
}

const MISSING: Readonly<Record<ChangeMissing['how'], { readonly reason: string; readonly fix: string }>> = {
  gone: {
    reason: 'the merged change was taken back: it is not in',
    fix: 'bring the change back, then /retry; or /verify-release to end the issue as it is',
  },
  unclear: {
    reason: 'the merged lines were changed again: the change may no longer be in',
    fix: 'check that the change still works, then /verify-release; or bring it back, then /retry',
  },
};

function placeText(state: IssueState, { where, commit }: ChangeMissing): string {
  const place =
    where === 'deployment'
      ? `what is deployed to ${state.policy?.release.environment ?? ''}`
      : targetText(targetBranch(state));
  return `${place} (commit ${commit.slice(0, 12)})`;
}

function pathsText({ paths, pathsInAll }: ChangeMissing): string {
  if (paths.length === 0) return '';
  const more = pathsInAll - paths.length;
  return `: ${paths.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
