/** A report as people read it on the issue: plain lines in the agent's words. The caller that posts it must make it inert. */
import type { AgentReport } from '../../contracts/agent-report.ts';

export const ACCOUNT_CHARS_MAX = 8_000;

export function accountOf(report: AgentReport): string {
  const { summary, rootCause, changes, skippedChecks, remainingRisks, stopConditionsMet } = report;
  const parts = [
    summary,
    section('Cause', rootCause.text === '' ? [] : [rootCause.text]),
    section(
      'Where',
      rootCause.files.map(({ path, line }) => (line === null ? path : `${path}:${line}`)),
    ),
    section(
      'Changes',
      changes.map(({ path, what }) => `${path}: ${what}`),
    ),
    section(
      'Skipped checks',
      skippedChecks.map(({ check, why }) => `${check}: ${why}`),
    ),
    section('Risks', remainingRisks),
    section('Stop conditions met', stopConditionsMet),
    section('Questions', report.questions),
  ];
  const text = parts.filter(part => part !== '').join('\n\n');
  return text.length <= ACCOUNT_CHARS_MAX ? text : `${text.slice(0, ACCOUNT_CHARS_MAX - 1)}…`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map(line => `- ${line}`).join('\n')}`;
}
