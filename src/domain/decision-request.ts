/** Reads a decision that came as a bare payload (a signal typed by hand, the Web UI): nothing about its form is trusted. */
import { DECISION_KINDS, type DecisionKind, type DecisionRequest, GATES } from './decision.ts';
import { MODES } from './mode.ts';

const TEXT_CHARS_MAX = 500;

export interface NamedRequest {
  readonly request: DecisionRequest;
  /** Who sends it, by their own word. */
  readonly by: string;
}

/** `kind` is fixed where the signal's name says it. A text that fits no field is left out, never guessed at. */
export function readDecisionRequest(payload: unknown, kind: DecisionKind): NamedRequest {
  const fields: Readonly<Record<string, unknown>> =
    typeof payload === 'object' && payload !== null ? { ...payload } : {};
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_CHARS_MAX) : undefined;
  };
  const gate = GATES.find(known => known === fields['gate']);
  const mode = MODES.find(known => known === fields['mode']);
  const [digest, reason, to] = [text('digest'), text('reason'), text('to')];
  const request: DecisionRequest = {
    kind,
    ...(gate === undefined ? {} : { gate }),
    ...(digest === undefined ? {} : { digest }),
    ...(reason === undefined ? {} : { reason }),
    ...(to === undefined ? {} : { to }),
    ...(mode === undefined ? {} : { mode }),
  };
  return { request, by: text('by') ?? 'somebody with access to the namespace' };
}

export function isDecisionKind(text: unknown): text is DecisionKind {
  return DECISION_KINDS.some(kind => kind === text);
}
