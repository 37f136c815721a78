/** Takes the demo's issue to its end as a person does: by the CLI on the host, and as CI at GitHub. */
import type { IssueView } from '../../../src/domain/view.ts';
import { until } from '../../support/until.ts';
import { type HostCli, ISSUE } from './cli.ts';
import type { Person } from './person.ts';

const STEP_LIMIT_MS = 180_000;

export interface Walk {
  readonly cli: HostCli;
  readonly person: Person;
  /** Called once for each stage or gate that the issue comes to, before anything is decided there. */
  readonly onChapter?: (chapter: string, view: IssueView) => Promise<void>;
}

/** Resolves to the view of the ended issue. */
export async function walk({ cli, person, onChapter = async () => undefined }: Walk): Promise<IssueView> {
  const seen = new Set<string>();
  let deployed = false;
  // The issue can be seen to move on before the command of a decision has ended.
  let acting = Promise.resolve();
  for (;;) {
    const moved = until(
      'the issue moves on',
      async () => {
        const now = await cli.view();
        return now === undefined || seen.has(chapterOf(now)) ? undefined : now;
      },
      STEP_LIMIT_MS,
    );
    const view = await Promise.race([moved, acting.then(() => moved)]);
    seen.add(chapterOf(view));
    await onChapter(chapterOf(view), view);
    await acting;
    if (view.stage === 'release-verified') return view;
    if (view.hold?.kind === 'gate') acting = decide(cli);
    else if (view.hold !== null) throw new Error(`the issue is on hold: ${view.hold.why.join('; ')}`);
    if (view.merge !== null && !deployed) {
      deployed = true;
      await person.deploy(view.merge.commit);
    }
  }
}

/** A kill can take the answer from a decision: then it is asked again whether the gate is still open. */
async function decide(cli: HostCli): Promise<void> {
  await until(
    'the decision is accepted',
    async () => {
      const { code } = await cli.run('approve', ISSUE, '--yes');
      return code === 0 || (await cli.view())?.hold?.kind !== 'gate' ? true : undefined;
    },
    STEP_LIMIT_MS,
  );
}

function chapterOf({ stage, hold }: IssueView): string {
  if (hold === null) return stage;
  return `${stage} ${hold.kind === 'gate' ? `at the ${hold.gate ?? ''} gate` : `on hold: ${hold.kind}`}`;
}
