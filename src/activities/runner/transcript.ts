/** The transcript of a run: the agent's output in complete lines, capped; stored as an artifact, never in a history. */
import type { ArtifactStore } from '../../artifacts/port.ts';
import { TRANSCRIPT_CHARS_MAX, TRANSCRIPT_LINE_CHARS_MAX } from '../../contracts/bounds.ts';
import type { Digest } from '../../domain/digest.ts';
import { TextBlocks } from './text-blocks.ts';

/** Keeps the beginning, notes how many lines are omitted, and always keeps the last line: it says how the run ended. */
export class Transcript {
  readonly #kept = new TextBlocks();
  #linesOmitted = 0;
  #last = '';

  add(stream: 'stdout' | 'stderr', line: string): void {
    const text = `${stream === 'stdout' ? '' : '! '}${line.slice(0, TRANSCRIPT_LINE_CHARS_MAX)}`;
    this.#last = text;
    if (this.#kept.chars + text.length > TRANSCRIPT_CHARS_MAX) this.#linesOmitted += 1;
    else this.#kept.add(text);
  }

  async store(artifacts: ArtifactStore): Promise<Digest> {
    const rest = this.#linesOmitted === 0 ? [] : [`… ${this.#linesOmitted} lines omitted …`, this.#last];
    return await artifacts.put(Buffer.from([this.#kept.text(), ...rest].join('\n'), 'utf8'), 'text/plain');
  }
}
