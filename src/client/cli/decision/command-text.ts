/** Writes a decision as a one-line comment, which the scheduler parses back to the same decision. */
import type { DecisionRequest } from '../../../domain/decision.ts';
import { SHORT_DIGEST_CHARS } from '../../../domain/digest.ts';

export function commandText(request: DecisionRequest): string {
  const { kind, gate, digest, reason, to, mode } = request;
  const parts = [
    `/${kind}`,
    ...(gate === undefined ? [] : [gate]),
    ...(digest === undefined ? [] : [digest.replace(/^sha256:/, '').slice(0, SHORT_DIGEST_CHARS)]),
    ...(to === undefined ? [] : [`@${to}`]),
    ...(mode === undefined ? [] : [mode]),
    ...(reason === undefined ? [] : [oneLine(reason)]),
  ];
  return parts.join(' ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
