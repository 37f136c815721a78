/** Runs command lines against a real Temporal server and a simulated GitHub. */
import type { Hold } from '../../../../src/domain/step.ts';
import type { IssueView } from '../../../../src/domain/view.ts';
import { until } from '../../../support/until.ts';
import { openStage, type Stage } from '../../temporal/stage.ts';
import { cli, jsonOf, type Ran, type Scene } from './cli.ts';
import { type CliGitHub, openCliGitHub, readComments } from './github.ts';

export interface CliStage extends Stage {
  readonly github: CliGitHub;
  /** Runs without a token, so everything goes over Temporal. */
  readonly ask: (args: readonly string[], scene?: Scene) => Promise<Ran>;
  readonly askAs: (login: string, args: readonly string[]) => Promise<Ran>;
  readonly viewOf: (issue: string) => Promise<IssueView | undefined>;
  readonly atGate: (issue: string, gate: string) => Promise<IssueView>;
  readonly atHold: (issue: string, kind: string) => Promise<Hold>;
  /** The digest as a person types it. */
  readonly digestAt: (issue: string, gate: string) => Promise<string>;
}

export async function openCliStage(issues: number): Promise<CliStage> {
  const [stage, github] = await Promise.all([openStage(), openCliGitHub(issues)]);
  readComments(github, stage.world);
  const ask: CliStage['ask'] = (args, scene = {}) =>
    cli(args, { ...scene, environment: { ...stage.environment, ...scene.environment } });
  const askAs: CliStage['askAs'] = (login, args) => ask(args, { environment: github.as(login) });
  const end = async (): Promise<void> => {
    await Promise.all([stage.end(), github.end()]);
  };
  return { ...stage, github, ask, askAs, ...looks(ask), end };
}

function looks(ask: CliStage['ask']): Pick<CliStage, 'viewOf' | 'atGate' | 'atHold' | 'digestAt'> {
  const viewOf = async (issue: string): Promise<IssueView | undefined> => {
    const ran = await ask(['show', issue, '--json']);
    return ran.code === 0 ? (jsonOf(ran) as { view?: IssueView }).view : undefined;
  };
  const atGate = (issue: string, gate: string): Promise<IssueView> =>
    until(`${issue} at the ${gate} gate`, async () => {
      const view = await viewOf(issue);
      return view?.hold?.gate === gate ? view : undefined;
    });
  const atHold: CliStage['atHold'] = (issue, kind) =>
    until(`${issue} held: ${kind}`, async () => {
      const hold = (await viewOf(issue))?.hold;
      return hold?.kind === kind ? hold : undefined;
    });
  const digestAt = async (issue: string, gate: string): Promise<string> => {
    const { hold } = await atGate(issue, gate);
    return (hold?.digest ?? '').replace(/^sha256:/, '').slice(0, 12);
  };
  return { viewOf, atGate, atHold, digestAt };
}
