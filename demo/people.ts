/** The demo's people: they act on GitHub, and webhooks report that to Signalbox. */
import type { GitHubSimulator } from '../simulator/github/server.ts';
import { shortDigest } from '../src/domain/digest.ts';
import { type IssueRef, repositoryName } from '../src/domain/issue-ref.ts';
import type { Hold } from '../src/domain/step.ts';
import { CI, OPT_IN_LABEL, PERSON } from './project.ts';

/** What people know of an issue, from wherever they look. */
export interface Seen {
  readonly pullRequest: { readonly number: number; readonly head: string } | null;
}

export interface People {
  readonly optIn: () => Promise<void>;
  /** Approves the merge gate by a review, and the other gates by a command in a comment. */
  readonly approve: (seen: Seen, hold: Pick<Hold, 'gate' | 'digest'>) => Promise<void>;
  readonly reject: (reason: string) => Promise<void>;
  readonly cancel: (reason: string) => Promise<void>;
  /** Acts as CI: deploys the merged commit. */
  readonly deploy: (commit: string) => Promise<void>;
}

/** What people can do at GitHub. */
export interface Acts {
  readonly label: (issue: number, name: string) => unknown;
  readonly comment: (issue: number, body: string) => unknown;
  readonly approveReview: (pullRequest: number, head: string) => unknown;
  readonly deploy: (environment: string, commit: string) => unknown;
}

export function peopleWith(acts: Acts, issue: number): People {
  return {
    optIn: async () => {
      await acts.label(issue, OPT_IN_LABEL);
    },
    approve: async ({ pullRequest }, { gate, digest }) => {
      if (gate === 'merge' && pullRequest !== null)
        await acts.approveReview(pullRequest.number, pullRequest.head);
      else if (gate !== undefined && digest !== undefined)
        await acts.comment(issue, `/approve ${gate} ${shortDigest(digest)}`);
    },
    reject: async reason => {
      await acts.comment(issue, `/reject ${reason}`);
    },
    cancel: async reason => {
      await acts.comment(issue, `/cancel ${reason}`);
    },
    deploy: async commit => {
      await acts.deploy('production', commit);
    },
  };
}

/** In the process of the simulated GitHub. */
export function peopleOf(github: GitHubSimulator, issue: IssueRef): People {
  const person = github.admin.as(PERSON, repositoryName(issue));
  const ci = github.admin.as(CI, repositoryName(issue));
  const acts: Acts = {
    label: (number, name) => person.label(number, name),
    comment: (number, body) => person.comment(number, body),
    approveReview: (number, head) => person.review(number, 'APPROVED', { commitId: head }),
    deploy: (environment, sha) => ci.deploy({ environment, sha, state: 'success' }),
  };
  return peopleWith(acts, issue.number);
}
