/** Shows what an approval is for (the issue's text, the change, the evidence), then asks the person. */
import { type Cli, print } from '../src/client/cli/cli.ts';
import { question } from '../src/client/cli/question.ts';
import { askedLines } from '../src/client/cli/render/asked.ts';
import { evidenceLines } from '../src/client/cli/render/evidence.ts';
import { terminalOf } from '../src/client/cli/render/terminal.ts';
import { plainLines } from '../src/client/cli/render/text.ts';
import { evidenceSchema } from '../src/contracts/evidence.ts';
import type { Gate } from '../src/domain/decision.ts';
import { repositoryName } from '../src/domain/issue-ref.ts';
import type { Hold } from '../src/domain/step.ts';
import type { IssueView } from '../src/domain/view.ts';
import { artifactText } from './artifacts.ts';
import type { Stage } from './stage.ts';

export interface GateScene {
  readonly stage: Stage;
  readonly view: IssueView;
  readonly hold: Pick<Hold, 'gate'>;
}

/** True for `y` or `yes`; any other answer is a no. */
export async function askAtGate(cli: Cli, scene: GateScene): Promise<boolean> {
  const { view, hold } = scene;
  print(cli, ['', ...(await shownAt(cli, scene)), '']);
  // Print this last, directly above the question.
  print(cli, askedLines({ issue: view.issue, view }, terminalOf(cli)));
  const answer = await question(cli, cli.stdout, `  Approve at the ${hold.gate ?? ''} gate? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

async function shownAt(cli: Cli, scene: GateScene): Promise<readonly string[]> {
  const shown: Readonly<Record<Gate, () => Promise<readonly string[]>>> = {
    start: async () => indented(await issueText(scene.stage)),
    publish: () => workLines(cli, scene),
    merge: () => workLines(cli, scene),
    release: () => bundleLines(cli, scene),
  };
  return scene.hold.gate === undefined ? [] : await shown[scene.hold.gate]();
}

async function workLines(cli: Cli, scene: GateScene): Promise<readonly string[]> {
  const { stage, view } = scene;
  const diff = view.change === null ? [] : indented(await artifactText(stage.storedBy, view.change.diff));
  return [...diff, '', ...(await bundleLines(cli, scene))];
}

async function bundleLines(cli: Cli, { stage, view }: GateScene): Promise<readonly string[]> {
  if (view.evidence === null) return [];
  const { digest } = view.evidence;
  const bundle = evidenceSchema.parse(JSON.parse(await artifactText(stage.storedBy, digest)));
  return evidenceLines(bundle, digest, terminalOf(cli)).map(line => `  ${line}`);
}

/** The issue's text on GitHub. */
async function issueText({ settings, issue }: Stage): Promise<string> {
  const at = `${settings['GITHUB_API_URL'] ?? ''}/repos/${repositoryName(issue)}/issues/${issue.number}`;
  const answer = await fetch(at, { headers: { authorization: `Bearer ${settings['GITHUB_TOKEN'] ?? ''}` } });
  const { body } = (await answer.json()) as { readonly body: string | null };
  return body ?? '';
}

function indented(text: string): readonly string[] {
  return plainLines(text.trimEnd())
    .split('\n')
    .map(line => `  ${line}`);
}
