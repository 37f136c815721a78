/** The commands of a run as the agent's events tell of them; only their times are ours. */
import type { AgentCommandEvent } from '../../agents/adapter.ts';
import type { EvidenceCommand } from '../../contracts/evidence.ts';
import { digestOfText } from '../../domain/digest.ts';

const COMMANDS_MAX = 200;
const COMMAND_CHARS_MAX = 1_000;

export class WorkerCommands {
  readonly #begun = new Map<string, number>();
  readonly #ended: EvidenceCommand[] = [];

  note({ id, command, ended }: AgentCommandEvent): void {
    if (ended === undefined) {
      if (this.#begun.size < COMMANDS_MAX) this.#begun.set(id, Date.now());
      return;
    }
    const beganAt = this.#begun.get(id);
    this.#begun.delete(id);
    if (this.#ended.length >= COMMANDS_MAX) return;
    const { exitCode, output } = ended;
    this.#ended.push({
      by: 'worker',
      name: 'command of the agent',
      command: command.slice(0, COMMAND_CHARS_MAX),
      on: 'workspace',
      expected: null,
      passed: exitCode === 0,
      exitCode,
      durationMs: beganAt === undefined ? 0 : Date.now() - beganAt,
      output: digestOfText(output),
    });
  }

  all(): readonly EvidenceCommand[] {
    return this.#ended;
  }
}
