/** Posts a decision as the person's comment on GitHub, pokes the workflow, and waits for its answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { createComment } from '../../../github/comments.ts';
import type { GitHub } from '../../../github/client.ts';
import { whoAmI } from '../../../github/repository.ts';
import { commandsIn, commandText } from '../../../domain/command.ts';
import { commentDecisionId, type DecisionRequest } from '../../../domain/decision.ts';
import { hexOf, shortDigest } from '../../../domain/digest.ts';
import type { IssueView } from '../../../domain/view.ts';
import { ClientProblem, type ClientProblemKind } from '../../temporal/client-problem.ts';
import { pokeIssue } from '../../temporal/issues.ts';
import { lookAtKnown } from '../../temporal/look.ts';
import { storyOf } from '../../temporal/story.ts';
import { say } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Delivery } from './delivery.ts';
import { refuseOwnAccount } from './own-account.ts';

const ANSWER_TIMEOUT_MS = 20_000;
const ANSWER_POLL_MS = 400;
const STORY_TIMEOUT_MS = 2_000;

export interface CommentOutcome {
  readonly taken: string;
  readonly comment: string;
}

/** Throws `ClientProblem`; the comment remains, and a scheduler reads it later. */
export async function decideByComment(
  input: Delivery & { readonly github: GitHub },
): Promise<CommentOutcome> {
  const { github, temporal, call, known, cli } = input;
  const { owner, repo, number } = call.issue;
  const login = await whoAmI(github);
  refuseOwnAccount(login, known.view);
  const body = bodyOf(call.request);
  const comment = await createComment(github, { owner, repo, issue: number, body });
  say(cli, `posted the comment ${body} as ${login}`);
  try {
    await pokeIssue(temporal, call.issue, ['comments']);
    const taken = await answer({ ...input, commentId: comment.id, seqBefore: known.view?.auditSeq ?? 0 });
    return { taken, comment: comment.htmlUrl };
  } catch (error) {
    throw afterPosting(error, known.view);
  }
}

/** The digest as people type it. What the scheduler would read as something else is not posted. */
function bodyOf(request: DecisionRequest): string {
  const { digest } = request;
  const body = commandText(
    digest === undefined ? request : { ...request, digest: shortDigest(`sha256:${hexOf(digest)}`) },
  );
  const [said] = commandsIn(body);
  if (said?.unclear === undefined) return body;
  throw new CliError(EXIT.usage, { what: `the comment ${body} would be refused`, fix: said.unclear });
}

const UNANSWERED: readonly ClientProblemKind[] = ['unreachable', 'no-scheduler', 'unusable'];

/** Whoever reads this must not post it again. */
function afterPosting(error: unknown, view: IssueView | undefined): unknown {
  if (!(error instanceof ClientProblem) || !UNANSWERED.includes(error.kind)) return error;
  // Until a scheduler has read the policy, nobody knows which account it runs as.
  const account = (view?.policy ?? null) === null ? ' with another account' : '';
  return new ClientProblem(error.kind, {
    what: `the comment is posted, and takes effect when a scheduler${account} reads it; ${error.trouble.what}`,
    ...(error.trouble.fix === undefined ? {} : { fix: error.trouble.fix }),
  });
}

interface Awaited extends Delivery {
  readonly commentId: number;
  readonly seqBefore: number;
}

/** The workflow's answer to the comment; of an ended workflow, what its view says. */
async function answer(awaited: Awaited): Promise<string> {
  const { temporal, call, cli } = awaited;
  const deadline = Date.now() + ANSWER_TIMEOUT_MS;
  for (;;) {
    const known = await lookAtKnown(temporal, call.issue);
    const moved = known.view !== undefined && known.view.auditSeq > awaited.seqBefore;
    const found = moved ? await fromStory(awaited) : undefined;
    if (found !== undefined) return found;
    if (known.kind === 'closed') return fromEnd(known.view, known.status);
    if (Date.now() > deadline) {
      throw new ClientProblem(
        'no-scheduler',
        `no scheduler has read it within ${ANSWER_TIMEOUT_MS / 1000} s`,
      );
    }
    await delay(ANSWER_POLL_MS, undefined, { signal: cli.signal });
  }
}

async function fromStory({ temporal, call, commentId }: Awaited): Promise<string | undefined> {
  const { answers = [] } = await storyOf(temporal, call.issue, STORY_TIMEOUT_MS);
  const found = answers.find(({ id }) => id === commentDecisionId(commentId));
  if (found?.taken === false) throw new ClientProblem('refused', found.text);
  return found?.text;
}

function fromEnd(view: IssueView | undefined, status: string): string {
  const refused = view?.refusedDecision ?? null;
  if (refused !== null) throw new ClientProblem('refused', refused);
  return `the issue has ended as ${view?.stage ?? status.toLowerCase()}`;
}
