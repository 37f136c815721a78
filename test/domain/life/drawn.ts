/** What every record must say, and which changes of the stage exist. */
import type { Actor } from '../../../src/domain/actor.ts';
import type { Judgement } from '../../../src/domain/decision.ts';
import type { Event } from '../../../src/domain/event.ts';
import { STAGE_EDGES } from '../../../src/domain/stage.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import { must } from './invariants.ts';
import { causeOf } from './witness.ts';

/** The stage changes only as the table of stage changes says. A look can contain several changes: each has its record. */
export function checkDrawn(before: IssueState, event: Event, after: IssueState): void {
  for (const { seq, from, to, cause, actor, judgement } of after.audit.records) {
    if (seq < before.audit.nextSeq) continue;
    must('16 audit', cause.trim() !== '', `record ${seq} has no cause`);
    must('16 audit', nameIn(actor).trim() !== '', `record ${seq} has no actor`);
    const isTaken = !cause.startsWith('refused ');
    must('16 audit', !isTaken || JUDGED_BY[actor.kind].includes(judgement), `${judgement} by ${actor.kind}`);
    if (from === to) continue;
    const by = causeOf(event);
    const isDrawn = STAGE_EDGES.some(edge => edge.from === from && edge.to === to && edge.by.includes(by));
    must('6 stage', isDrawn, `${from} → ${to} by ${by} is not in the table`);
  }
}

/** The kinds of judgement of each actor. An act on GitHub is by a person, even if we do not know by whom. */
const JUDGED_BY: Readonly<Record<Actor['kind'], readonly Judgement[]>> = {
  person: ['product', 'engineering', 'release'],
  rule: ['automatic'],
  worker: ['automatic'],
  outside: ['automatic', 'product'],
};

function nameIn(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.login;
    case 'rule':
      return actor.name;
    case 'worker':
      return actor.runId;
    case 'outside':
      return actor.what;
  }
}
