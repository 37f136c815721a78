/** Asks people for a review, and assigns an issue. Both are safe to repeat. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import type { GetIssueInput } from './issues.ts';

/** GitHub's limit for an issue. */
export const ASSIGNEES_MAX = 10;

export interface ReviewersInput extends RepositoryName {
  readonly number: number;
  readonly logins: readonly string[];
  /** Slugs without the organization: a team must belong to that of the repository. */
  readonly teams: readonly string[];
}

/** Throws `invalid` if GitHub cannot ask one of them: then nobody is asked. */
export async function requestReviewers(github: GitHub, input: ReviewersInput): Promise<void> {
  const { owner, repo, number, logins, teams } = input;
  await ask(
    github.rest.pulls.requestReviewers({
      owner,
      repo,
      pull_number: number,
      reviewers: [...logins],
      team_reviewers: [...teams],
    }),
    Answer,
  );
}

/** GitHub leaves out without a word who cannot be assigned. Returns those who are assigned afterwards. */
export async function addAssignees(
  github: GitHub,
  { owner, repo, issue, logins }: GetIssueInput & { readonly logins: readonly string[] },
): Promise<readonly string[]> {
  const { assignees } = await ask(
    github.rest.issues.addAssignees({ owner, repo, issue_number: issue, assignees: [...logins] }),
    Assigned,
  );
  return assignees.map(({ login }) => login);
}

const Answer = z.object({ number: z.number() });
const Assigned = z.object({ assignees: z.array(z.object({ login: z.string() })) });
