/** The production client connected to a simulated GitHub, and people who act on it. */
import { expect } from '@jest/globals';
import { createGitHub } from '../../src/github/client.ts';
import type { GitHub } from '../../src/github/client.ts';
import type { GitHubFailureKind } from '../../src/github/failure.ts';
import { repositoryName, stageGitHub } from '../support/github.ts';
import type { GitHubStage } from '../support/github.ts';

export interface Line {
  readonly simulator: GitHubStage['github'];
  /** Our client: the login `line-bot`, with write access. */
  readonly github: GitHub;
  readonly connect: (token: string) => GitHub;
  readonly person: (login: string) => ReturnType<GitHubStage['github']['admin']['as']>;
  readonly end: () => Promise<void>;
}

export async function openLine(options: Parameters<typeof stageGitHub>[0] = {}): Promise<Line> {
  const stage = await stageGitHub(options);
  const connect = (token: string) =>
    createGitHub({
      apiUrl: stage.github.apiUrl,
      credential: { kind: 'token', token },
      userAgent: 'signalbox-test',
    });
  return {
    simulator: stage.github,
    github: connect('bot-token'),
    connect,
    person: login => stage.github.admin.as(login, repositoryName),
    end: stage.end,
  };
}

export async function rejects(working: Promise<unknown>, kind: GitHubFailureKind): Promise<void> {
  await expect(working).rejects.toMatchObject({ name: 'GitHubFailure', kind });
}
