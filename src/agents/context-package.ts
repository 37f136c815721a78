/** A run's inputs as files in its box: for agents that read files, and for texts that are too long for a prompt. */
import { agentReportJsonSchema } from '../contracts/agent-report.ts';
import type { AgentFeedback, AgentTask } from '../contracts/agent-task.ts';

/** Directory in the box with `task.json`, `issue.md`, `report.schema.json` and, when there is feedback, `feedback.md`. */
export const CONTEXT_DIR = '/run/agent/context';
export const feedbackFile = `${CONTEXT_DIR}/feedback.md`;
export const reportSchemaFile = `${CONTEXT_DIR}/report.schema.json`;

/** File contents by path in the box. */
export function contextPackage(task: AgentTask): Readonly<Record<string, string>> {
  const feedback = task.feedback.map(one => `## ${feedbackTitle(one)}\n\n${one.text}\n`).join('\n');
  return {
    [`${CONTEXT_DIR}/task.json`]: `${JSON.stringify(task, null, 2)}\n`,
    [`${CONTEXT_DIR}/issue.md`]: `# ${task.issue.title}\n\n${task.issue.body}\n`,
    [reportSchemaFile]: `${JSON.stringify(agentReportJsonSchema(), null, 2)}\n`,
    ...(feedback === '' ? {} : { [feedbackFile]: feedback }),
  };
}

/** Who gave the feedback, and on which line. */
export function feedbackTitle({ source, from, path, line }: AgentFeedback): string {
  const place = path === null ? '' : ` on ${path}${line === null ? '' : `:${line}`}`;
  return `From ${source} (${from})${place}`;
}
