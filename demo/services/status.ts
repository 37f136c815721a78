/** Reads a status comment as a person does: the stage, and what is asked of whom. Pure. */
import { z } from 'zod';
import { GATES } from '../../src/domain/decision.ts';
import { STATUS_MARKER } from '../../src/domain/projection.ts';
import type { Moment } from '../play.ts';

export interface Status {
  readonly stage: string;
  readonly hold: Moment['hold'];
  readonly pullRequest?: number | undefined;
  readonly merge?: string | undefined;
}

const factsSchema = z.object({
  stage: z.string(),
  pullRequest: z.number().optional(),
  merge: z.string().optional(),
});

/** Of the latest status comment; undefined until there is one. */
export function statusIn(comments: readonly string[]): Status | undefined {
  const comment = comments.findLast(body => body.includes(STATUS_MARKER)) ?? '';
  const facts = /<!-- signalbox:snapshot (\{.*\}) -->/.exec(comment)?.[1];
  return facts === undefined ? undefined : { ...factsSchema.parse(JSON.parse(facts)), hold: holdIn(comment) };
}

function holdIn(comment: string): Moment['hold'] {
  const [, what] = /^\*\*Held[^*]*\*\* (.*)$/m.exec(comment) ?? [];
  if (what === undefined) return null;
  const why = [...comment.matchAll(/^- why: (.*)$/gm)].map(([, reason = '']) => reason);
  const [, word, digest] = /\/approve ([a-z]+) ([0-9a-f]+)/.exec(what) ?? [];
  const gate = GATES.find(one => one === word);
  if (gate === undefined) return { kind: 'blocked', what, why };
  return { kind: 'gate', gate, digest: `sha256:${digest ?? ''}`, what, why };
}
