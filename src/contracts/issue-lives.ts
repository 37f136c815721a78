/** What a scan needs from Temporal: the workflows of issues, running and ended. */
import type { Beginning, EndedLife } from '../domain/generation.ts';
import type { IssueRef, RepositoryRef } from '../domain/issue-ref.ts';

export interface IssueLives {
  /** Starts the issue's workflow, or pokes a running one. Does not restart an ended one. */
  startOrPoke(issue: IssueRef): Promise<'delivered' | EndedLife>;
  /** Pokes every issue whose branch or pull request may have changed unnoticed; resolves to their number. */
  wakeInMotion(repository: RepositoryRef): Promise<number>;
  isKnown(issue: IssueRef): Promise<boolean>;
  /** Starts the next generation; false if someone else has already started it. */
  begin(issue: IssueRef, beginning: Beginning): Promise<boolean>;
}
