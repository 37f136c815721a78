/** The stage's people: they act on GitHub, and webhooks report that to Signalbox. */
import type { GitHubSimulator } from '../simulator/github/server.ts';
import { shortDigest } from '../src/domain/digest.ts';
import { type IssueRef, repositoryName } from '../src/domain/issue-ref.ts';
import type { Hold } from '../src/domain/step.ts';
import type { IssueView } from '../src/domain/view.ts';
import { CI, PERSON } from './stage.ts';

export interface People {
  readonly optIn: () => void;
  /** Approves the merge gate by a review, and the other gates by a command in a comment. */
  readonly approve: (view: IssueView, hold: Hold) => void;
  readonly reject: (reason: string) => void;
  /** Acts as CI: deploys the merged commit. */
  readonly deploy: (commit: string) => Promise<void>;
}

export function peopleOf(github: GitHubSimulator, issue: IssueRef): People {
  const person = github.admin.as(PERSON, repositoryName(issue));
  const ci = github.admin.as(CI, repositoryName(issue));
  return {
    optIn: () => person.label(issue.number, 'ai'),
    approve: (view, hold) => {
      if (hold.gate === 'merge' && view.pullRequest !== null)
        person.review(view.pullRequest.number, 'APPROVED', { commitId: view.pullRequest.head });
      else if (hold.gate !== undefined && hold.digest !== undefined)
        person.comment(issue.number, `/approve ${hold.gate} ${shortDigest(hold.digest)}`);
    },
    reject: reason => {
      person.comment(issue.number, `/reject ${reason}`);
    },
    deploy: async commit => {
      await ci.deploy({ environment: 'production', sha: commit, state: 'success' });
    },
  };
}
