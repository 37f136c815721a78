/** A person at the demo's GitHub, and what is to be counted there. */
import { projectIssue } from '../../../simulator/project/history.ts';
import { STATUS_MARKER } from '../../../src/domain/projection.ts';
import type { HostCli } from './cli.ts';

const REPOSITORY = 'acme/profile-card';
const ISSUE_NUMBER = 1;

interface Comment {
  readonly body: string;
}

export interface Person {
  /** Opens the issue of the demo, as its people do, and opts it in. */
  readonly optIn: () => Promise<void>;
  readonly deploy: (commit: string) => Promise<void>;
  readonly counts: () => Promise<Counts>;
}

/** What is at GitHub; each must be one. */
export interface Counts {
  readonly branches: number;
  readonly pullRequests: number;
  readonly merges: number;
  readonly statusComments: number;
}

export function personOf({ settings }: HostCli): Person {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${settings['GITHUB_API_URL'] ?? ''}/repos/${REPOSITORY}/${path}`, {
      method,
      headers: { authorization: `Bearer ${settings['GITHUB_TOKEN'] ?? ''}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const issue = `issues/${ISSUE_NUMBER}`;
  return {
    optIn: async () => {
      await ask('POST', 'issues', await projectIssue());
      await ask('POST', `${issue}/labels`, { labels: ['ai'] });
    },
    deploy: async commit => {
      const { id } = await ask<{ id: number }>('POST', 'deployments', {
        ref: commit,
        environment: 'production',
        required_contexts: [],
        auto_merge: false,
      });
      await ask('POST', `deployments/${id}/statuses`, { state: 'success', environment: 'production' });
    },
    counts: async () => {
      const [branches, pulls, comments] = await Promise.all([
        ask<readonly unknown[]>('GET', 'git/matching-refs/heads/ai/'),
        ask<readonly { merged_at: string | null }[]>('GET', 'pulls?state=all'),
        ask<readonly Comment[]>('GET', `${issue}/comments`),
      ]);
      return {
        branches: branches.length,
        pullRequests: pulls.length,
        merges: pulls.filter(({ merged_at: at }) => at !== null).length,
        statusComments: comments.filter(({ body }) => body.includes(STATUS_MARKER)).length,
      };
    },
  };
}
