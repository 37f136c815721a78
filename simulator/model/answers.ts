/** The server-sent events of one turn, with only the fields that the real agent reads. */
import type { SayingTurn, TurnUsage } from './script.ts';

const defaultUsage: TurnUsage = { inputTokens: 1_000, outputTokens: 50 };

/** The complete answer of a turn that ends. `call` makes the call id unique in its conversation. */
export function turnEvents(turn: SayingTurn, call: number): string {
  const { inputTokens, outputTokens } = turn.usage ?? defaultUsage;
  const usage = {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  return (
    event({ type: 'response.output_item.done', item: itemOf(turn, `call_${call}`) }) +
    event({ type: 'response.completed', response: { id: `resp_${call}`, usage } })
  );
}

export function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

export function messageItem(text: string): unknown {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
}

function itemOf(turn: SayingTurn, callId: string): unknown {
  switch (turn.kind) {
    case 'exec':
      return {
        type: 'function_call',
        call_id: callId,
        name: 'exec_command',
        arguments: JSON.stringify({ cmd: turn.command }),
      };
    case 'patch':
      return { type: 'custom_tool_call', call_id: callId, name: 'apply_patch', input: turn.patch };
    case 'message':
      return messageItem(turn.text);
  }
}
