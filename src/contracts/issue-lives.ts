/** What a scan needs of Temporal: the lives of issues, running and ended. */
import type { Beginning, EndedLife } from '../domain/generation.ts';
import type { IssueRef, RepositoryRef } from '../domain/issue-ref.ts';

export interface IssueLives {
  /** Starts the issue's workflow, or has it look again; an ended one stays ended. */
  startOrPoke(issue: IssueRef): Promise<'delivered' | EndedLife>;
  /** Has every issue look again whose branch or pull request may have changed without it; answers how many. */
  wakeInMotion(repository: RepositoryRef): Promise<number>;
  isKnown(issue: IssueRef): Promise<boolean>;
  /** False when somebody else has begun it. */
  begin(issue: IssueRef, beginning: Beginning): Promise<boolean>;
}
