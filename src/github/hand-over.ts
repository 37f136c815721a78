/** GitHub's merge queue and auto-merge, which REST does not have: enters a pull request, takes it out, and says where it is. */
import { z } from 'zod';
import type { MergeMethod } from '../domain/policy.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { mutate, type MutationAnswer, type PlaceOfPull } from './mutation.ts';
import type { PullInput } from './pulls.ts';
import { redact } from './redact.ts';

export interface HandedOver {
  /** GitHub's id of the pull request. */
  readonly pullId: string;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly head: string;
  /** GitHub has it in its queue, by auto-merge, or both. */
  readonly isThere: boolean;
  readonly isQueued: boolean;
  readonly isAutomatic: boolean;
  /** In the queue, from 1. */
  readonly position?: number;
  /** Why it was taken out last, in GitHub's words; one bounded line. */
  readonly why: string;
}

export async function readHandedOver(
  github: GitHub,
  { owner, repo, number }: PullInput,
): Promise<HandedOver> {
  return await ask(github.graphql(WHERE, { owner, repo, number }), WhereAnswer);
}

/** GitHub refuses when the head is different by then. */
export async function enqueue(
  github: GitHub,
  { owner, repo, pullId, head }: PlaceOfPull & { readonly head: string },
): Promise<MutationAnswer> {
  return await mutate(github, ENQUEUE, { owner, repo, pull: pullId, head });
}

export async function dequeue(github: GitHub, { owner, repo, pullId }: PlaceOfPull): Promise<MutationAnswer> {
  return await mutate(github, DEQUEUE, { owner, repo, pull: pullId });
}

export interface AutoMergeInput extends PlaceOfPull {
  readonly head: string;
  readonly method: MergeMethod;
  readonly title: string;
  /** Absent: as GitHub words it for the method. */
  readonly message?: string;
}

/** GitHub refuses when the head is different by then. */
export async function enableAutoMerge(github: GitHub, input: AutoMergeInput): Promise<MutationAnswer> {
  const { owner, repo, pullId: pull, head, method, title, message } = input;
  const words = { title, ...(message === undefined ? {} : { message }) };
  return await mutate(github, ENABLE, { owner, repo, pull, head, method: method.toUpperCase(), ...words });
}

export async function disableAutoMerge(
  github: GitHub,
  { owner, repo, pullId }: PlaceOfPull,
): Promise<MutationAnswer> {
  return await mutate(github, DISABLE, { owner, repo, pull: pullId });
}

const WHY_CHARS_MAX = 300;

const WHERE = `query HandedOver($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      id
      state
      headRefOid
      mergeQueueEntry { position }
      autoMergeRequest { enabledAt }
      timelineItems(last: 1, itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT, AUTO_MERGE_DISABLED_EVENT]) {
        nodes { ... on RemovedFromMergeQueueEvent { reason } ... on AutoMergeDisabledEvent { reason } }
      }
    }
  }
}`;

const ENQUEUE = `mutation EnqueuePull($pull: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $pull, expectedHeadOid: $head }) { clientMutationId }
}`;

const DEQUEUE = `mutation DequeuePull($pull: ID!) {
  dequeuePullRequest(input: { id: $pull }) { clientMutationId }
}`;

const ENABLE = `mutation EnableAutoMerge($pull: ID!, $head: GitObjectID!, $method: PullRequestMergeMethod!, $title: String, $message: String) {
  enablePullRequestAutoMerge(input: { pullRequestId: $pull, expectedHeadOid: $head, mergeMethod: $method, commitHeadline: $title, commitBody: $message }) { clientMutationId }
}`;

const DISABLE = `mutation DisableAutoMerge($pull: ID!) {
  disablePullRequestAutoMerge(input: { pullRequestId: $pull }) { clientMutationId }
}`;

const WhereAnswer = z
  .object({
    data: z.object({
      repository: z.object({
        pullRequest: z.object({
          id: z.string().min(1),
          state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
          headRefOid: z.string(),
          mergeQueueEntry: z.object({ position: z.number().nullish() }).nullish(),
          autoMergeRequest: z.object({}).nullish(),
          timelineItems: z.object({ nodes: z.array(z.object({ reason: z.string().nullish() })) }),
        }),
      }),
    }),
  })
  .transform(({ data }): HandedOver => {
    const { id, state, headRefOid, mergeQueueEntry, autoMergeRequest, timelineItems } =
      data.repository.pullRequest;
    const isQueued = (mergeQueueEntry ?? null) !== null;
    const isAutomatic = (autoMergeRequest ?? null) !== null;
    const position = mergeQueueEntry?.position ?? undefined;
    return {
      ...{ pullId: id, state, head: headRefOid, isQueued, isAutomatic },
      isThere: isQueued || isAutomatic,
      ...(position === undefined ? {} : { position }),
      why: redact(timelineItems.nodes[0]?.reason ?? 'GitHub gave no reason', WHY_CHARS_MAX),
    };
  });
