/** Reads a decision from an untrusted payload, such as a signal sent from the Web UI. */
import {
  DECISION_KINDS,
  type DecisionKind,
  type DecisionRequest,
  GATES,
  REASON_CHARS_MAX,
} from './decision.ts';
import { MODES } from './mode.ts';

const TEXT_CHARS_MAX = 500;

export interface NamedRequest {
  readonly request: DecisionRequest;
  /** The sender, self-declared. */
  readonly by: string;
}

/** The signal's name gives `kind`. A value that does not fit its field is dropped, never guessed. */
export function readDecisionRequest(payload: unknown, kind: DecisionKind): NamedRequest {
  const fields = fieldsOf(payload);
  const text = (name: string, charsMax = TEXT_CHARS_MAX): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, charsMax) : undefined;
  };
  const gate = GATES.find(known => known === fields['gate']);
  const mode = MODES.find(known => known === fields['mode']);
  const [digest, head, to] = [text('digest'), text('head'), text('to')];
  const reason = text('reason', REASON_CHARS_MAX);
  const request: DecisionRequest = {
    kind,
    ...(gate === undefined ? {} : { gate }),
    ...(digest === undefined ? {} : { digest }),
    ...(head === undefined ? {} : { head }),
    ...(reason === undefined ? {} : { reason }),
    ...(to === undefined ? {} : { to }),
    ...(mode === undefined ? {} : { mode }),
  };
  return { request, by: text('by') ?? 'someone with access to the namespace' };
}

/** Of anything that is no object: none. */
export function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}

export function isDecisionKind(text: unknown): text is DecisionKind {
  return DECISION_KINDS.some(kind => kind === text);
}
