/** What one issue's life cost and left, counted at the source: GitHub, the model, Temporal's history. */
import { isCounted } from '../simulator/github/control/requests.ts';
import { atTemporal } from '../src/client/temporal/connection.ts';
import { issueWorkflowId } from '../src/contracts/names.ts';
import { branchOwner } from '../src/domain/branch.ts';
import { repositoryName } from '../src/domain/issue-ref.ts';
import { STATUS_MARKER } from '../src/domain/projection.ts';
import { BOT } from './project.ts';
import type { Stage } from './stage.ts';

export interface Figures {
  /** Those that count against the rate limit. */
  readonly githubRequests: number;
  /** Reads that GitHub answered with 304, because nothing had changed: it does not count them. */
  readonly githubNotModified: number;
  readonly githubContentCreating: number;
  readonly modelRequests: number;
  readonly historyEvents: number;
  readonly branches: number;
  readonly pullRequests: number;
  readonly merges: number;
  readonly statusComments: number;
  readonly kills: number;
}

export async function figuresOf(stage: Stage, kills: number): Promise<Figures> {
  const asked = stage.github.requests.find({ user: BOT }).filter(({ route }) => !route.startsWith('git-'));
  const counted = asked.filter(isCounted).length;
  const left = await thingsLeft(stage);
  return {
    githubRequests: counted,
    githubNotModified: asked.length - counted,
    githubContentCreating: stage.github.requests.contentCreating(),
    modelRequests: stage.model.requests.length,
    historyEvents: await historyEvents(stage),
    ...left,
    kills,
  };
}

async function historyEvents(stage: Stage): Promise<number> {
  return await atTemporal(stage.stack.temporalValues, async ({ client }) => {
    const described = await client.workflow.getHandle(issueWorkflowId(stage.issue)).describe();
    return described.historyLength;
  });
}

/** Reads GitHub's public API, as anyone could. */
export async function thingsLeft(
  stage: Pick<Stage, 'settings' | 'issue'>,
): Promise<Pick<Figures, 'branches' | 'pullRequests' | 'merges' | 'statusComments'>> {
  const { settings, issue } = stage;
  const get = async (path: string): Promise<readonly Record<string, unknown>[]> => {
    const answer = await fetch(`${settings['GITHUB_API_URL'] ?? ''}/repos/${repositoryName(issue)}${path}`, {
      headers: { authorization: `Bearer ${settings['GITHUB_TOKEN'] ?? ''}` },
    });
    return (await answer.json()) as readonly Record<string, unknown>[];
  };
  const [refs, pulls, comments] = await Promise.all([
    get('/git/matching-refs/heads/ai/'),
    get('/pulls?state=all&per_page=100'),
    get(`/issues/${issue.number}/comments?per_page=100`),
  ]);
  return {
    branches: refs.filter(
      ref => branchOwner(String(ref['ref']).replace('refs/heads/', ''))?.issueNumber === issue.number,
    ).length,
    pullRequests: pulls.length,
    merges: pulls.filter(pull => typeof pull['merged_at'] === 'string').length,
    statusComments: comments.filter(comment => String(comment['body']).includes(STATUS_MARKER)).length,
  };
}
