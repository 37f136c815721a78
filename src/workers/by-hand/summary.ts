/** The summary of a run by hand, as Markdown: the result, the change, the checks, the concerns, and the next steps for a person. */
import type { HandResult } from '../../client/cli/run/by-hand.ts';
import { checkTable } from '../../domain/check-table.ts';
import { neutralise } from '../../domain/posted-text.ts';

const TEXT_CHARS_MAX = 2_000;

export function summaryText(title: string, result: HandResult): string {
  const { run, risk, policy } = result;
  const reasons = risk.reasons.length === 0 ? '' : ` (${safe(risk.reasons.join(', '))})`;
  return [
    `# ${safe(title)}`,
    '',
    `**${result.outcome}**: ${safe(result.why)}`,
    '',
    `- issue: ${safe(result.issue)}`,
    `- mode: ${result.mode} · risk: **${risk.level}**${reasons}`,
    `- base: \`${result.base}\``,
    `- policy: \`${policy.digest}\`${policy.from === 'defaults' ? ', the defaults, because the base has no policy file' : ''}`,
    `- run: ${safe(run.agent)} ended with **${run.ending}** after ${Math.round(run.durationMs / 1_000)} s`,
    `- box: ${safe(run.box)}`,
    `- used: ${run.usage.inputTokens} input and ${run.usage.outputTokens} output tokens, ${run.usage.costUsd.toFixed(4)} USD`,
    '',
    "## The agent's summary",
    safe(run.summary),
    ...changeLines(result),
    '',
    '## Next steps for a person',
    ...leftLines(result),
    '',
  ].join('\n');
}

function changeLines({ change, checks, refusals, concerns, evidence }: HandResult): readonly string[] {
  const refused = refusals.map(({ path, reason }) => `- refused ${safe(path)}: ${safe(reason)}`);
  if (change === null) return refused.length === 0 ? [] : ['', '## The change was refused', ...refused];
  return [
    '',
    '## The change',
    `- commit: \`${change.commit}\``,
    `- evidence: \`${evidence ?? ''}\``,
    ...change.files.map(file => `- ${file.status} ${safe(file.path)}`),
    ...change.protectedPaths.map(path => `- **protected:** ${safe(path)}`),
    '',
    '## Checks by Signalbox, outside of the agent',
    ...checkTable(checks),
    ...(concerns.length === 0 ? [] : ['', '## Concerns', ...concerns.map(concern => `- ${safe(concern)}`)]),
  ];
}

function leftLines({ branch, outcome }: HandResult): readonly string[] {
  if (branch === null)
    return [outcome === 'delivered' ? '- read the report' : '- decide what to do next; nothing was changed'];
  return [
    '- read the diff and the evidence',
    '- fetch the branch, and review, merge and release it as usual:',
    '',
    `      ${branch.fetch}`,
  ];
}

function safe(text: string): string {
  return neutralise(text, TEXT_CHARS_MAX);
}
