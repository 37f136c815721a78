/** The whole line on real parts, played to its end by a test: what the demo does, with a hand in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, figuresOf } from '../../../demo/figures.ts';
import { type Chapter, follow } from '../../../demo/follow.ts';
import { peopleOf, type People } from '../../../demo/people.ts';
import { openStage, type Stage, type StageInput } from '../../../demo/stage.ts';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import type { IssueView } from '../../../src/domain/view.ts';
import type { SupervisorEvent } from '../../../src/local/process-spec.ts';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';

export interface Played {
  readonly view: IssueView;
  readonly records: readonly AuditRecord[];
  readonly figures: Figures;
  readonly events: readonly SupervisorEvent[];
}

export interface LineInput {
  /** What is other than on the demo's stage. */
  readonly stage?: Pick<StageInput, 'policy' | 'values' | 'script'>;
  /** Before the issue is opted in. */
  readonly prepare?: (stage: Stage) => void;
  /** At each chapter, before the person acts on it; answering `wait` keeps the person still. */
  readonly onChapter?: (chapter: Chapter, stage: Stage) => unknown;
  /** After the end, while everything still runs. */
  readonly inspect?: (stage: Stage) => Promise<void>;
  readonly timeoutMs?: number;
}

const LINE_TIMEOUT_MS = 90_000;

/** Opens the stage, opts the issue in, says yes at every gate, and closes everything whatever happens. */
export async function playLine(input: LineInput): Promise<Played> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-line-'));
  const signal = AbortSignal.timeout(input.timeoutMs ?? LINE_TIMEOUT_MS);
  const events: SupervisorEvent[] = [];
  try {
    const temporal = await obtainTemporalServer({
      environment: { ...process.env, TEMPORAL_ADDRESS: undefined },
    });
    const environment = process.env;
    const onEvent = (event: SupervisorEvent): void => void events.push(event);
    const stage = await openStage({ ...input.stage, dataDir, temporal, environment, onEvent, signal });
    try {
      return { ...(await live(stage, input, signal)), events };
    } finally {
      await stage.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function live(stage: Stage, input: LineInput, signal: AbortSignal): Promise<Omit<Played, 'events'>> {
  const people = peopleOf(stage.github, stage.issue);
  const acted = new Set<string>();
  const records: AuditRecord[] = [];
  stage.github.requests.reset();
  input.prepare?.(stage);
  people.optIn();
  const followed = { address: stage.stack.temporalAddress, dataDir: stage.dataDir, issue: stage.issue };
  for await (const chapter of follow(followed, signal)) {
    records.push(...chapter.records);
    if ((await input.onChapter?.(chapter, stage)) !== 'wait') await act(people, acted, chapter.view);
    if (!chapter.ended) continue;
    await input.inspect?.(stage);
    return { view: chapter.view, records, figures: await figuresOf(stage, 0) };
  }
  throw new Error(`the line did not end in time; the last record: ${records.at(-1)?.cause ?? 'none'}`);
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
  if (hold.kind !== 'gate') throw new Error(`held: ${hold.why.join('; ')}; ${hold.what}`);
  people.approve(view, hold);
}
