/** Formats the timeline: elapsed time, stage, actor, cause. */
import type { AuditRecord } from '../src/domain/audit.ts';
import { actorName } from '../src/domain/actor.ts';
import type { SupervisorEvent } from '../src/local/process-spec.ts';
import type { Paint } from '../src/client/cli/cli.ts';
import { processText } from '../src/client/cli/render/process.ts';

const STAGE_WIDTH = 16;
const ACTOR_WIDTH = 24;

export interface Timeline {
  readonly record: (record: AuditRecord) => string;
  readonly process: (event: SupervisorEvent) => string;
  readonly note: (stage: string, text: string) => string;
}

export function timeline(startedAt: number, paint: Paint): Timeline {
  const line = (at: number, stage: string, rest: string): string =>
    `${paint.dim(elapsed(at - startedAt))}  ${stage} ${rest}`;
  return {
    record: record => {
      const moved = record.from !== record.to;
      const stage = record.to.padEnd(STAGE_WIDTH);
      const actor = actorName(record.actor).padEnd(ACTOR_WIDTH);
      return line(
        record.at,
        moved ? paint.bold(paint.green(stage)) : paint.green(stage),
        `${paint.cyan(actor)} ${record.cause}`,
      );
    },
    process: event =>
      line(
        Date.now(),
        paint.yellow('(processes)'.padEnd(STAGE_WIDTH)),
        `${event.name.padEnd(ACTOR_WIDTH)} ${processText(event)}`,
      ),
    note: (stage, text) => line(Date.now(), paint.yellow(stage.padEnd(STAGE_WIDTH)), text),
  };
}

function elapsed(ms: number): string {
  return `${(Math.max(0, ms) / 1_000).toFixed(2).padStart(7)} s`;
}
