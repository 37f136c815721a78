/** Asks the person at a gate, and shows what an approval would be for: the reasons, the diff, the evidence. */
import { createInterface } from 'node:readline/promises';
import type { Cli } from '../src/client/cli/cli.ts';
import { visible } from '../src/domain/posted-text.ts';
import type { Hold } from '../src/domain/step.ts';
import type { IssueView } from '../src/domain/view.ts';
import { artifactText } from './artifacts.ts';
import type { Stage } from './stage.ts';

export interface GateScene {
  readonly stage: Stage;
  readonly view: IssueView;
  readonly hold: Hold;
}

/** True for yes. Anything but a clear yes is no. */
export async function askAtGate(cli: Cli, scene: GateScene): Promise<boolean> {
  const { view, hold } = scene;
  const { paint } = cli;
  cli.stdout.write(`\n${paint.bold(`The ${hold.gate ?? ''} gate`)} · ${view.issue} “${view.title}”\n`);
  for (const reason of hold.why) cli.stdout.write(`  why: ${reason}\n`);
  for (const text of await shownAt(scene)) cli.stdout.write(`${text}\n`);
  cli.stdout.write(`  an approval is for exactly ${paint.cyan(hold.digest ?? '')}\n`);
  const question = createInterface({ input: cli.stdin, output: process.stdout, terminal: true });
  try {
    const answer = await question.question('  Approve? [y/N] ', { signal: cli.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    question.close();
  }
}

async function shownAt({ stage, view, hold }: GateScene): Promise<readonly string[]> {
  if (hold.gate !== 'publish' && hold.gate !== 'merge') return [];
  const diff = view.change === null ? '' : await artifactText(stage.dataDir, view.change.diff);
  const evidence =
    view.evidence === null ? '' : evidenceLines(await artifactText(stage.dataDir, view.evidence.digest));
  return ['', ...diff.split('\n').map(line => `  ${visible(line)}`), evidence];
}

interface ShownEvidence {
  readonly checks: readonly {
    readonly name: string;
    readonly on: string;
    readonly expected: string;
    readonly passed: boolean;
    readonly durationMs: number;
  }[];
  readonly concerns: readonly string[];
}

function evidenceLines(text: string): string {
  const { checks, concerns } = JSON.parse(text) as ShownEvidence;
  const lines = checks.map(check => {
    const verdict = check.passed === (check.expected === 'pass') ? 'as expected' : 'NOT as expected';
    return `  check “${check.name}” on the ${check.on}: ${check.passed ? 'passed' : 'failed'}, ${verdict} (${Math.round(check.durationMs)} ms)`;
  });
  return [...lines, ...concerns.map(concern => `  concern: ${visible(concern)}`)].join('\n');
}
