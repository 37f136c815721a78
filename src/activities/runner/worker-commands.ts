/** The commands of a run as the agent's events report them. Only the durations are measured by the runner. */
import type { AgentCommandEvent } from '../../agents/adapter.ts';
import { WORKER_COMMAND_CHARS_MAX, WORKER_COMMANDS_MAX } from '../../contracts/bounds.ts';
import type { EvidenceCommand } from '../../contracts/evidence.ts';
import { digestOfText } from '../../domain/digest.ts';

export class WorkerCommands {
  readonly #startedAt = new Map<string, number>();
  readonly #ended: EvidenceCommand[] = [];

  /** Nothing more is kept. */
  get isFull(): boolean {
    return this.#ended.length >= WORKER_COMMANDS_MAX;
  }

  note({ id, command, ended }: AgentCommandEvent): void {
    if (ended === undefined) {
      if (this.#startedAt.size < WORKER_COMMANDS_MAX) this.#startedAt.set(id, Date.now());
      return;
    }
    const startedAt = this.#startedAt.get(id);
    this.#startedAt.delete(id);
    if (this.isFull) return;
    const { exitCode, output } = ended;
    this.#ended.push({
      by: 'worker',
      name: 'agent command',
      command: command.slice(0, WORKER_COMMAND_CHARS_MAX),
      on: 'workspace',
      expected: null,
      passed: exitCode === 0,
      exitCode,
      durationMs: startedAt === undefined ? 0 : Date.now() - startedAt,
      output: digestOfText(output),
    });
  }

  all(): readonly EvidenceCommand[] {
    return this.#ended;
  }
}
