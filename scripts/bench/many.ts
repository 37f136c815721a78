/**
 * Many issues of one repository at once, each with a change in files of its own, through the real processes: for the
 * benchmark, and for tests that need several approved changes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Chapter, follow } from '../../demo/follow.ts';
import { type People, peopleOf } from '../../demo/people.ts';
import { PERSON } from '../../demo/project.ts';
import { openStage, scanFirst, type Stage } from '../../demo/stage.ts';
import { report } from '../../simulator/model/scripts.ts';
import type { Conversation, Script } from '../../simulator/model/script.ts';
import { projectIssue } from '../../simulator/project/history.ts';
import { type IssueRef, repositoryName } from '../../src/domain/issue-ref.ts';
import type { Hold } from '../../src/domain/step.ts';
import { obtainTemporalServer } from '../../src/local/temporal-server/obtain.ts';

export interface Many {
  readonly issues: number;
  /** `merge.upToDate` of the policy. */
  readonly upToDate: string;
  /** More files that the agent adds for a part, by path. */
  readonly adds?: (part: number) => Readonly<Record<string, string>>;
  /** What people do at a hold; `part` counts from 1. Default: they approve. */
  readonly answer?: (moment: Moment) => Promise<void>;
  /** Called at each chapter of each issue. */
  readonly onChapter?: (chapter: Chapter, stage: Stage) => void;
}

export interface Moment {
  readonly part: number;
  readonly hold: Hold;
  readonly chapter: Chapter;
  readonly people: People;
}

export interface ManyPlayed {
  /** The causes of all records, by issue. */
  readonly causes: readonly (readonly string[])[];
  /** The last stage of each. */
  readonly ends: readonly string[];
  /** To GitHub's API, by Signalbox: those that count for its limit, and those that it answered with 304. */
  readonly requests: readonly { readonly route: string; readonly isCounted: boolean }[];
  readonly ms: number;
}

const LIMIT_MS = 30 * 60_000;
const NOT_MODIFIED = 304;

export async function playMany(many: Many): Promise<ManyPlayed> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-many-'));
  const signal = AbortSignal.timeout(LIMIT_MS);
  const environment = { ...process.env, TEMPORAL_ADDRESS: undefined };
  const temporal = await obtainTemporalServer({ environment });
  const script = (conversation: Conversation): Script => scriptOf(conversation, many);
  const policy = policyText(many.upToDate);
  const onEvent = (): void => undefined;
  const stage = await openStage({ dataDir, temporal, environment, onEvent, signal, policy, script });
  try {
    return await played(stage, many, signal);
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
function scriptOf({ prompt }: Conversation, { adds }: Many): Script {
  const part = Number(/Part (?<number>\d+)/.exec(prompt)?.groups?.['number'] ?? '0');
  const files = { [`src/part-${part}.js`]: `export const part = ${part};`, ...adds?.(part) };
  const added = Object.entries(files).map(
    ([path, text]) => `*** Add File: ${path}\n${text.replace(/^/gm, '+')}`,
  );
  const patch = ['*** Begin Patch', ...added, '*** End Patch'].join('\n');
  const changes = Object.keys(files).map(path => ({ path, what: 'the part' }));
  return {
    name: `part ${part}`,
    turns: [
      { kind: 'patch', patch },
      { kind: 'message', text: report({ outcome: 'patch', summary: `Adds part ${part}.`, changes }) },
    ],
  };
}

async function played(stage: Stage, many: Many, signal: AbortSignal): Promise<ManyPlayed> {
  const { owner, repo } = stage.issue;
  const { body } = await projectIssue();
  const person = stage.github.admin.as(PERSON, repositoryName(stage.issue));
  const issues = Array.from({ length: many.issues }, (_, at): IssueRef => {
    const { number } = person.openIssue({ title: `Part ${at + 1}`, body });
    return { owner, repo, number };
  });
  stage.github.requests.reset();
  const startedAt = Date.now();
  const lives = issues.map((issue, at) => lifeOf({ stage, issue, part: at + 1, many }, signal));
  await scanFirst(stage.stack, stage.issue);
  const lived = await Promise.all(lives);
  const entries = stage.github.requests.entries.filter(({ route }) => !route.startsWith('git-'));
  return {
    causes: lived.map(({ causes }) => causes),
    ends: lived.map(({ end }) => end),
    requests: entries
      .filter(({ user }) => user === 'signalbox-bot')
      .map(({ route, status }) => ({ route, isCounted: status !== NOT_MODIFIED })),
    ms: Date.now() - startedAt,
  };
}

interface Living {
  readonly stage: Stage;
  readonly issue: IssueRef;
  readonly part: number;
  readonly many: Many;
}

async function lifeOf({ stage, issue, part, many }: Living, signal: AbortSignal) {
  const people = peopleOf(stage.github, issue);
  await people.optIn();
  const { stack, storedBy } = stage;
  const { answer = ({ chapter, hold }: Moment) => people.approve(chapter.view, hold) } = many;
  const causes: string[] = [];
  const asked = new Set<string>();
  for await (const chapter of follow({ temporal: stack.temporalValues, storedBy, issue }, signal)) {
    causes.push(...chapter.records.map(({ cause }) => cause));
    many.onChapter?.(chapter, stage);
    if (chapter.ended) return { causes, end: chapter.view.stage };
    const hold = holdNow(chapter, asked);
    if (hold !== undefined) await answer({ part, hold, chapter, people });
  }
  throw new Error(`#${issue.number} did not end in time; last record: ${causes.at(-1) ?? 'none'}`);
}

/** A gate that has not asked this before. */
function holdNow({ view: { issue, hold } }: Chapter, asked: Set<string>): Hold | undefined {
  if (hold === null) return undefined;
  if (hold.kind === 'blocked') throw new Error(`${issue} is blocked: ${hold.why.join('; ')}`);
  const ask = `${hold.digest ?? ''} ${hold.why.join()}`;
  if (hold.gate === undefined || asked.has(ask)) return undefined;
  asked.add(ask);
  return hold;
}
