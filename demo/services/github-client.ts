/** The few requests of a person at the demo's GitHub, and what people do with them. */
import type { Acts } from '../people.ts';

export interface PersonsGitHub {
  /** Paths are below the repository. Rejects for any answer but 2xx. */
  readonly get: (path: string) => Promise<unknown>;
  readonly post: (path: string, body: object) => Promise<unknown>;
}

const TIMEOUT_MS = 10_000;

export function personsGitHub(apiUrl: string, repository: string, token: string): PersonsGitHub {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${apiUrl}/repos/${repository}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`GitHub answers ${answer.status} to ${method} ${path}`);
    return await answer.json();
  };
  return { get: path => ask('GET', path), post: (path, body) => ask('POST', path, body) };
}

export function actsAt({ post }: PersonsGitHub): Acts {
  return {
    label: (issue, name) => post(`/issues/${issue}/labels`, { labels: [name] }),
    comment: (issue, body) => post(`/issues/${issue}/comments`, { body }),
    approveReview: (pullRequest, head) =>
      post(`/pulls/${pullRequest}/reviews`, { event: 'APPROVE', commit_id: head }),
    deploy: async (environment, ref) => {
      const { id } = (await post('/deployments', { environment, ref })) as { readonly id: number };
      await post(`/deployments/${id}/statuses`, { state: 'success' });
    },
  };
}
