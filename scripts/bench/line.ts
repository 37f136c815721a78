/**
 * Many issues of one repository at once, each with a change in files of its own, through the real processes: how often people
 * had to approve a merge, how often a merge was verified, and how many requests GitHub got. Every merge gate is approved by
 * a review as soon as it asks.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { follow } from '../../demo/follow.ts';
import { peopleOf } from '../../demo/people.ts';
import { PERSON } from '../../demo/project.ts';
import { openStage, scanFirst, type Stage } from '../../demo/stage.ts';
import { report } from '../../simulator/model/scripts.ts';
import type { Conversation, Script } from '../../simulator/model/script.ts';
import { projectIssue } from '../../simulator/project/history.ts';
import { type IssueRef, repositoryName } from '../../src/domain/issue-ref.ts';
import type { Hold } from '../../src/domain/step.ts';
import type { IssueView } from '../../src/domain/view.ts';
import { obtainTemporalServer } from '../../src/local/temporal-server/obtain.ts';

export interface LineFigures {
  readonly issues: number;
  /** Reviews that people had to give. */
  readonly approvals: number;
  readonly carried: number;
  /** Of changes, and of merges into a moved branch. */
  readonly verifications: number;
  readonly requestsPerIssue: number;
  readonly seconds: number;
}

const LIMIT_MS = 30 * 60_000;

export async function benchLine(issues: number, upToDate: string): Promise<LineFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const signal = AbortSignal.timeout(LIMIT_MS);
  const environment = { ...process.env, TEMPORAL_ADDRESS: undefined };
  const temporal = await obtainTemporalServer({ environment });
  const onEvent = (): void => undefined;
  const policy = policyText(upToDate);
  const input = { dataDir, temporal, environment, onEvent, signal, policy, script };
  const stage = await openStage(input);
  try {
    return await played(stage, issues, signal);
  } finally {
    await stage.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const policyText = (upToDate: string): string => `version: 1
optIn: { label: ai }
mode: auto-run
agent: { adapter: codex, model: gpt-5.5 }
limits: { silence: 5m, noProgress: 10m, wallClock: 20m, costUsd: 1 }
change: { allowedPaths: ['src/**', 'test/**'] }
gates: { startFromRisk: high }
verification:
  commands: [{ name: all tests, run: node --test }]
merge: { by: scheduler, upToDate: ${upToDate} }
release: { signOffFromRisk: never }
`;

/** Each issue has files of its own. */
function script({ prompt }: Conversation): Script {
  const part = /Part (?<number>\d+)/.exec(prompt)?.groups?.['number'] ?? '0';
  const path = `src/part-${part}.js`;
  const patch = `*** Begin Patch\n*** Add File: ${path}\n+export const part = ${part};\n*** End Patch`;
  const summary = `Adds part ${part}.`;
  const changes = [{ path, what: 'the part' }];
  return {
    name: `part ${part}`,
    turns: [
      { kind: 'patch', patch },
      { kind: 'message', text: report({ outcome: 'patch', summary, changes }) },
    ],
  };
}

async function played(stage: Stage, count: number, signal: AbortSignal): Promise<LineFigures> {
  const { owner, repo } = stage.issue;
  const { body } = await projectIssue();
  const person = stage.github.admin.as(PERSON, repositoryName(stage.issue));
  const issues = Array.from({ length: count }, (_, at): IssueRef => {
    const { number } = person.openIssue({ title: `Part ${at + 1}`, body });
    return { owner, repo, number };
  });
  stage.github.requests.reset();
  const startedAt = Date.now();
  const lives = issues.map(issue => lifeOf(stage, issue, signal));
  await scanFirst(stage.stack, stage.issue);
  const causes = (await Promise.all(lives)).flat();
  const countOf = (pattern: RegExp): number => causes.filter(cause => pattern.test(cause)).length;
  const requests = stage.github.requests.entries.filter(({ route }) => !route.startsWith('git-'));
  return {
    issues: count,
    approvals: countOf(/ approved the pull request$/),
    carried: countOf(/ was carried over /),
    verifications: countOf(/^(the merge into \w+ was )?verified( \(box|:)/),
    requestsPerIssue: Math.round(requests.filter(({ user }) => user === 'signalbox-bot').length / count),
    seconds: Math.round((Date.now() - startedAt) / 1000),
  };
}

/** Approves each merge that is asked for. Returns the causes of all records. */
async function lifeOf(stage: Stage, issue: IssueRef, signal: AbortSignal): Promise<readonly string[]> {
  const people = peopleOf(stage.github, issue);
  await people.optIn();
  const { stack, storedBy } = stage;
  const causes: string[] = [];
  const asked = new Set<string>();
  for await (const { view, records, ended } of follow(
    { temporal: stack.temporalValues, storedBy, issue },
    signal,
  )) {
    causes.push(...records.map(({ cause }) => cause));
    if (ended) return causes;
    const hold = holdNow(view, asked);
    if (hold !== undefined) await people.approve(view, hold);
  }
  throw new Error(`#${issue.number} did not end in time; last record: ${causes.at(-1) ?? 'none'}`);
}

/** A gate that has not asked this before. */
function holdNow({ issue, hold }: IssueView, asked: Set<string>): Hold | undefined {
  if (hold === null) return undefined;
  if (hold.kind === 'blocked') throw new Error(`${issue} is blocked: ${hold.why.join('; ')}`);
  const ask = `${hold.digest ?? ''} ${hold.why.join()}`;
  if (hold.gate === undefined || asked.has(ask)) return undefined;
  asked.add(ask);
  return hold;
}
