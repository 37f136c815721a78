/** Scenes of issues in the line of merges. */
import { nextStep } from '../../../src/domain/next-step.ts';
import { must } from '../life/invariants.ts';
import { AUTO, type Scene } from './scene.ts';

/** A line that gives no turn by itself. */
export const IN_LINE = { ...AUTO, github: { line: 'busy' } } as const;

/** Approved, and waiting for its turn. */
export function inLine(life: Scene): Scene {
  return life.until('merge').approve().flow();
}

/** The line gives the turn to the place that it has. */
export function turn(life: Scene): Scene {
  return life.event({ type: 'turn-given', id: life.world.github.place ?? '' });
}

export function waitsFor({ world }: Scene): string {
  const step = nextStep(world.state);
  return step.kind === 'wait' ? step.for : step.kind;
}

/** The commit of the target branch with which it was verified, once it is merged. */
export function mergedIn({ world: { state } }: Scene): string | undefined {
  return state.merge === undefined ? undefined : state.candidate?.base;
}

export function explainsWait(text: string): void {
  must(
    '21 shown',
    /Waiting for its turn to be merged into `main` since 20.* UTC: `signalbox show /.test(text),
    text,
  );
}
