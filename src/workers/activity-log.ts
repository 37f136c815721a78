/** The one place that names issue, generation and run in the log lines of activities, ours and the SDK's. */
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { z } from 'zod';
import { type IssueRef, issueName, repositoryName } from '../domain/issue-ref.ts';
import { type LogFields, withLogFields } from '../telemetry/log-fields.ts';

const Repository = z.object({ owner: z.string(), repo: z.string() });
const Input = z.object({
  context: z
    .object({ issue: Repository.extend({ number: z.number() }), generation: z.number() })
    .optional()
    .catch(undefined),
  effect: z.object({ runId: z.string() }).optional().catch(undefined),
  run: z.object({ runId: z.string() }).optional().catch(undefined),
  repository: Repository.optional().catch(undefined),
});

/** What the input of an activity says about whom it concerns. */
export function workFields(input: unknown): LogFields {
  const { data } = Input.safeParse(input);
  const { context, effect, run, repository } = data ?? {};
  const runId = effect?.runId ?? run?.runId;
  return {
    ...(context === undefined ? {} : ofIssue(context.issue, context.generation)),
    ...(context !== undefined || repository === undefined ? {} : { repository: repositoryName(repository) }),
    ...(runId === undefined ? {} : { run: runId }),
  };
}

function ofIssue(issue: IssueRef, generation: number): LogFields {
  return { issue: issueName(issue), generation };
}

export function activityLog({ info }: Context): ActivityInterceptors {
  // The SDK's line about the start comes before its input is known.
  let fields: LogFields = {};
  return {
    inbound: {
      execute: async (input, next) => {
        fields = { ...workFields(input.args[0]), activity: info.activityType, try: info.attempt };
        return await withLogFields(fields, () => next(input));
      },
    },
    outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...fields }) },
  };
}
