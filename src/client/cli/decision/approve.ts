/** `approve`: takes a digest, or shows what the gate asks and has the person confirm it. */
import type { DecisionRequest, Gate } from '../../../domain/decision.ts';
import { digestMatches, shortDigest } from '../../../domain/digest.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { ClientProblem } from '../../temporal/client-problem.ts';
import type { KnownIssue } from '../../temporal/look.ts';
import { type Cli, paintFor } from '../cli.ts';
import { withTemporal } from '../with-temporal.ts';
import { confirm } from '../confirm.ts';
import { askedLines } from '../render/asked.ts';
import type { DecideFlags } from './delivery.ts';
import { deliver, runningIssue } from './take.ts';

export interface ApproveFlags extends DecideFlags {
  readonly gate?: Gate;
  readonly digest?: string;
  readonly yes?: boolean;
}

export async function approve(cli: Cli, issue: IssueRef, flags: ApproveFlags): Promise<void> {
  await withTemporal(cli, async temporal => {
    const known = await runningIssue(temporal, issue);
    const open = openGateOf(known, flags);
    if (flags.digest === undefined) await confirmGate(cli, { known, open, flags });
    const request: DecisionRequest = {
      kind: 'approve',
      gate: open.gate,
      digest: flags.digest ?? open.digest,
    };
    await deliver({ cli, temporal, known, call: { issue, request, flags } });
  });
}

export interface OpenGate {
  readonly gate: Gate;
  readonly digest: string;
}

/** The open gate and its digest. Refuses a wrong gate or a stale digest, and names the current one. */
export function openGateOf(
  { view, issue }: Pick<KnownIssue, 'view' | 'issue'>,
  flags: ApproveFlags,
): OpenGate {
  const { gate, digest } = view?.hold ?? {};
  if (gate === undefined || digest === undefined)
    throw movedOn(`${issue} has no open gate (${insteadOfGate(view)})`);
  const current = shortDigest(digest);
  if (flags.gate !== undefined && flags.gate !== gate)
    throw movedOn(`the ${gate} gate is open (digest ${current}), not ${flags.gate}`);
  if (flags.digest !== undefined && !digestMatches(digest, flags.digest))
    throw movedOn(`the digest ${flags.digest.slice(0, 12)} is stale; the current digest is ${current}`);
  return { gate, digest };
}

function insteadOfGate(view: KnownIssue['view']): string {
  return view === undefined
    ? 'no scheduler has run it yet'
    : `stage ${view.stage}, waiting on ${view.waitingOn}`;
}

function movedOn(message: string): ClientProblem {
  return new ClientProblem('moved-on', message);
}

interface OpenForPerson {
  readonly known: KnownIssue;
  readonly open: OpenGate;
  readonly flags: ApproveFlags;
}

/** Without `--digest`, the person sees what the gate asks before saying yes. */
async function confirmGate(cli: Cli, { known, open, flags }: OpenForPerson): Promise<void> {
  const short = shortDigest(open.digest as `sha256:${string}`);
  const paint = paintFor(cli.stderr, cli.environment);
  await confirm(cli, {
    lines: askedLines(known, { paint, now: cli.now() }),
    isAgreed: flags.yes === true,
    asked: `Approve ${short} at the ${open.gate} gate?`,
    refusal: 'not approved: not confirmed',
    options: `--gate ${open.gate} --digest ${short} (or --yes for what the open gate asks)`,
  });
}
