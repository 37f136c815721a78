/** What the scheduler's activities need of the lines of merges. */
import type { RepositoryRef } from '../domain/issue-ref.ts';
import type { JoinRequest } from '../domain/line/state.ts';

export interface MergeLines {
  /** Starts the line if there is none. The same request again changes nothing. */
  join(repository: RepositoryRef, request: JoinRequest): Promise<void>;
}
