/** Plays a complete life with real processes, as the demo does, with hooks for the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, figuresOf } from '../../../demo/figures.ts';
import { type Chapter, follow } from '../../../demo/follow.ts';
import { peopleOf, type People } from '../../../demo/people.ts';
import { openRepository, type ProjectInput } from '../../../demo/project.ts';
import { openStage, scanFirst, type Stage, type StageInput } from '../../../demo/stage.ts';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import type { IssueRef } from '../../../src/domain/issue-ref.ts';
import type { IssueView } from '../../../src/domain/view.ts';
import type { SupervisorEvent } from '../../../src/local/process-spec.ts';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';
import { until } from '../../support/until.ts';

export interface Played {
  readonly view: IssueView;
  readonly records: readonly AuditRecord[];
  readonly figures: Figures;
  readonly events: readonly SupervisorEvent[];
}

export interface LineInput {
  /** Differences from the demo's stage. */
  readonly stage?: Pick<StageInput, 'policy' | 'defaultBranch' | 'values' | 'script'>;
  /** Called before the issue is opted in. */
  readonly prepare?: (stage: Stage) => void;
  /** Called at each chapter, before the person acts on it; the result `wait` prevents the person's act. */
  readonly onChapter?: (chapter: Chapter, stage: Stage) => unknown;
  /** Called after the end, while all processes still run. */
  readonly inspect?: (stage: Stage) => Promise<void>;
  readonly timeoutMs?: number;
}

const LINE_TIMEOUT_MS = 90_000;

/** Opens the stage, opts the issue in, approves every gate, and always closes the stage. */
export async function playLine(input: LineInput): Promise<Played> {
  const signal = AbortSignal.timeout(input.timeoutMs ?? LINE_TIMEOUT_MS);
  const { stage, events, close } = await openEventfulStage(input.stage, signal);
  try {
    return { ...(await live(stage, input, signal)), events };
  } finally {
    await close();
  }
}

/** A stage for several lives in turn; each is an issue in a separate repository. The first one's is that of the stage. */
export interface SharedStage {
  readonly playLine: (
    input: Omit<LineInput, 'stage'> & { readonly project?: ProjectInput },
  ) => Promise<Played>;
  readonly close: () => Promise<void>;
}

/** `input`: differences from the demo's stage, of which only the policy is a project's own. */
export async function openSharedStage(input: LineInput['stage'] = {}): Promise<SharedStage> {
  const { stage, events, close } = await openEventfulStage(input, AbortSignal.timeout(LINE_TIMEOUT_MS));
  let lives = 0;
  const play: SharedStage['playLine'] = async input => {
    const signal = AbortSignal.timeout(input.timeoutMs ?? LINE_TIMEOUT_MS);
    const before = events.length;
    const issue = lives === 0 ? stage.issue : await anotherIssue(stage, lives, input.project);
    lives += 1;
    const played = await live({ ...stage, issue }, input, signal);
    // Wait for processes that were killed late before the next life starts.
    await until(
      'every process is up',
      () => stage.stack.supervisor.processes().every(({ state }) => state === 'up') || undefined,
    );
    return { ...played, events: events.slice(before) };
  };
  return { playLine: play, close };
}

async function anotherIssue(
  { github, stack }: Stage,
  number: number,
  project: ProjectInput = {},
): Promise<IssueRef> {
  const issue = await openRepository(github, `profile-card-${number}`, project);
  await scanFirst(stack, issue);
  return issue;
}

interface EventfulStage {
  readonly stage: Stage;
  /** Process events so far. */
  readonly events: readonly SupervisorEvent[];
  readonly close: () => Promise<void>;
}

async function openEventfulStage(input: LineInput['stage'], signal: AbortSignal): Promise<EventfulStage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-line-'));
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  const events: SupervisorEvent[] = [];
  const onEvent = (event: SupervisorEvent): void => void events.push(event);
  const environment = process.env;
  try {
    const temporal = await obtainTemporalServer({
      environment: { ...process.env, TEMPORAL_ADDRESS: undefined },
    });
    const stage = await openStage({ ...input, dataDir, temporal, environment, onEvent, signal });
    return { stage, events, close: () => stage.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function live(stage: Stage, input: LineInput, signal: AbortSignal): Promise<Omit<Played, 'events'>> {
  const people = peopleOf(stage.github, stage.issue);
  const acted = new Set<string>();
  const records: AuditRecord[] = [];
  stage.github.requests.reset();
  input.prepare?.(stage);
  await people.optIn();
  const followed = { temporal: stage.stack.temporalValues, storedBy: stage.storedBy, issue: stage.issue };
  for await (const chapter of follow(followed, signal)) {
    records.push(...chapter.records);
    if ((await input.onChapter?.(chapter, stage)) !== 'wait') await act(people, acted, chapter.view);
    if (!chapter.ended) continue;
    await input.inspect?.(stage);
    return { view: chapter.view, records, figures: await figuresOf(stage, 0) };
  }
  throw new Error(`the issue did not end in time; last record: ${records.at(-1)?.cause ?? 'none'}`);
}

async function act(people: People, acted: Set<string>, view: IssueView): Promise<void> {
  const once = (key: string): boolean => {
    const isNew = !acted.has(key);
    acted.add(key);
    return isNew;
  };
  if (view.merge !== null && once('deploy')) await people.deploy(view.merge.commit);
  const { hold } = view;
  if (hold === null || !once(JSON.stringify(hold))) return;
  if (hold.kind !== 'gate') throw new Error(`unexpected hold: ${hold.why.join('; ')}; ${hold.what}`);
  await people.approve(view, hold);
}
