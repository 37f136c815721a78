/** Merges a pull request, only at the approved head. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { MergeMethod } from '../domain/policy.ts';
import type { GitHub } from './client.ts';
import { isFailure } from './failure.ts';
import type { PullInput } from './pulls.ts';
import { saysBaseMoved, saysHeadMoved } from './messages.ts';

export interface MergeInput extends PullInput {
  /** GitHub refuses when the head is different by then. */
  readonly sha: string;
  readonly method: MergeMethod;
  readonly title: string;
  /** Absent: as GitHub words it for the method. */
  readonly message?: string;
}

export type MergeAnswer =
  | { readonly kind: 'merged'; readonly sha: string }
  | { readonly kind: 'head-moved' }
  /** `again`: the refusal is temporary; try again. */
  | { readonly kind: 'not-mergeable'; readonly why: string; readonly again: boolean };

/** Throws an unknown result: read the pull request, because it may be merged. */
export async function mergePull(github: GitHub, input: MergeInput): Promise<MergeAnswer> {
  const { owner, repo, number, sha, method, title, message } = input;
  const merging = github.rest.pulls.merge({
    owner,
    repo,
    sha,
    pull_number: number,
    merge_method: method,
    commit_title: title,
    ...(message === undefined ? {} : { commit_message: message }),
  });
  try {
    const merged = await ask(merging, MergedAnswer);
    return { kind: 'merged', sha: merged.sha };
  } catch (error) {
    if (!isFailure(error, 'conflict')) throw error;
    if (error.status === 409 && saysHeadMoved(error.message)) return { kind: 'head-moved' };
    const again = error.status === 409 || saysBaseMoved(error.message);
    return { kind: 'not-mergeable', why: error.message, again };
  }
}

const MergedAnswer = z.object({ merged: z.literal(true), sha: z.string().min(40) });
