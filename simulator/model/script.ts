/** Scripts of the simulated model. The number of calls in a conversation selects the turn, so a restarted model continues. */

/** One request's answer. `gate`: the turn waits until that gate is opened. */
export type Turn = TurnAction & { readonly gate?: string; readonly usage?: TurnUsage };

/** A turn with a valid answer. */
export type SayingTurn = Extract<Turn, { readonly kind: 'exec' | 'patch' | 'message' }>;

export interface TurnUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type TurnAction =
  | { readonly kind: 'exec'; readonly command: string }
  | { readonly kind: 'patch'; readonly patch: string }
  | { readonly kind: 'message'; readonly text: string }
  /** The connection stays open without an answer. */
  | { readonly kind: 'no-headers' }
  /** Headers, then nothing. */
  | { readonly kind: 'silence' }
  /** Endless text, until the client disconnects. */
  | { readonly kind: 'endless' }
  /** Half an answer, then the connection breaks. */
  | { readonly kind: 'cut' }
  /** The socket is closed without an answer. */
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly error: { readonly message: string; readonly code?: string };
      /** Sent as `Retry-After`. */
      readonly retryAfterSeconds?: number;
    }
  /** Exactly these events, valid or not, then a normal end of the connection. */
  | { readonly kind: 'events'; readonly events: readonly unknown[] }
  | { readonly kind: 'failed'; readonly error: { readonly message: string; readonly code: string } };

export interface Script {
  readonly name: string;
  readonly turns: readonly Turn[];
}

/** What a script can be chosen by. */
export interface Conversation {
  readonly model: string;
  /** All text of the user's messages. */
  readonly prompt: string;
  /** From the line "Attempt: N" of the prompt; 1 without it. */
  readonly attempt: number;
  /** Calls answered so far: the index of the next turn. */
  readonly callsDone: number;
}

export type ScriptChoice = Script | ((conversation: Conversation) => Script);

/** The current turn; the last one repeats while the agent sends more requests. */
export function nextTurn(script: Script, conversation: Conversation): Turn {
  const turn = script.turns[Math.min(conversation.callsDone, script.turns.length - 1)];
  if (turn === undefined) throw new Error(`the script ${script.name} has no turns`);
  return turn;
}

export function readConversation(body: unknown): Conversation {
  const { model, input } = body as { model?: unknown; input?: unknown };
  const items = Array.isArray(input) ? (input as readonly Record<string, unknown>[]) : [];
  const prompt = items
    .filter(item => item['role'] === 'user')
    .map(textOf)
    .join('\n');
  const attempt = /^Attempt: (\d{1,4})$/m.exec(prompt)?.[1];
  return {
    model: typeof model === 'string' ? model : '',
    prompt,
    attempt: attempt === undefined ? 1 : Number(attempt),
    callsDone: items.filter(item => String(item['type']).endsWith('_output')).length,
  };
}

function textOf(item: Record<string, unknown>): string {
  const content = item['content'];
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly { readonly text?: string }[]).map(part => part.text ?? '').join('\n');
}
