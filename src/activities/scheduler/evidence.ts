/** The evidence bundle: review input with its digest, and what a reviewer must know before the change is published. */
import { getJson } from '../../artifacts/json.ts';
import type { ArtifactStore } from '../../artifacts/port.ts';
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { type AgentReport, agentReportSchema } from '../../contracts/agent-report.ts';
import {
  type EvidenceBundle,
  type EvidenceCommand,
  evidenceSchema,
  evidenceVersion,
  workerCommandsSchema,
} from '../../contracts/evidence.ts';
import { boxText } from '../../domain/box-facts.ts';
import { type Digest, digestOf } from '../../domain/digest.ts';
import { evidenceConcerns, owedAfterMerge, provenBy, skippedByScheduler } from '../../domain/evidence.ts';
import { issueName } from '../../domain/issue-ref.ts';
import type { Policy } from '../../domain/policy.ts';
import type {
  Change,
  Evidence,
  EvidenceBrief,
  RunFacts,
  SetUpFacts,
  Verification,
} from '../../domain/state/work.ts';
import type { SchedulerPorts } from './ports.ts';
import { loadPolicy, loadIssue, putCanonical } from '../stored.ts';

const JSON_BYTES_MAX = 1024 * 1024;
/** Of each list in the brief, which stands in the workflow's state and in the pull request. */
const BRIEF_ENTRIES_MAX = 10;
const BRIEF_CHARS_MAX = 300;

export function assembleEvidence({ artifacts }: SchedulerPorts): SchedulerActivities['assembleEvidence'] {
  return async ({ context, run, change, verification }) => {
    const { generation } = context;
    const subject = { issue: issueName(context.issue), generation, run, change, verification };
    return { type: 'evidence-assembled', evidence: await storedEvidence(artifacts, subject) };
  };
}

export interface EvidenceSubject {
  /** As people name it. */
  readonly issue: string;
  readonly generation: number;
  readonly run: RunFacts;
  readonly change: Change;
  readonly verification: Verification;
}

/** Puts the bundle together and into the store. */
export async function storedEvidence(artifacts: ArtifactStore, subject: EvidenceSubject): Promise<Evidence> {
  const bundle = evidenceSchema.parse(bundleOf(subject, await sourcesOf(artifacts, subject)));
  const digest = await putCanonical(artifacts, bundle);
  const { concerns } = bundle;
  return { commit: subject.change.commit, digest, concerns, brief: briefOf(bundle) };
}

interface Sources {
  readonly policy: Policy;
  readonly contract: Digest;
  readonly report: AgentReport | null;
  readonly workerCommands: readonly EvidenceCommand[];
}

async function sourcesOf(artifacts: ArtifactStore, { run }: EvidenceSubject): Promise<Sources> {
  const { subject, policy } = run.inputs;
  return {
    policy: await loadPolicy(artifacts, policy),
    contract: digestOf((await loadIssue(artifacts, subject)).contract),
    report: await reportOf(artifacts, run),
    workerCommands: await commandsOf(artifacts, run),
  };
}

async function reportOf(artifacts: ArtifactStore, { end }: RunFacts): Promise<AgentReport | null> {
  if (end?.report === undefined) return null;
  return await getJson(artifacts, {
    digest: end.report,
    bytesMax: JSON_BYTES_MAX,
    schema: agentReportSchema,
  });
}

async function commandsOf(artifacts: ArtifactStore, { end }: RunFacts): Promise<readonly EvidenceCommand[]> {
  if (end?.commands === undefined) return [];
  return await getJson(artifacts, {
    digest: end.commands,
    bytesMax: JSON_BYTES_MAX,
    schema: workerCommandsSchema,
  });
}

/** The scheduler's commands first, on the verified commit; the report is in the worker's words: to be read, not believed. */
function bundleOf(subject: EvidenceSubject, sources: Sources): EvidenceBundle {
  const { issue, generation, change, verification } = subject;
  const { report, policy, contract, workerCommands } = sources;
  const { checks, notes = [] } = verification;
  const claims = claimsOf(report);
  return {
    version: evidenceVersion,
    issue,
    generation,
    contract,
    ...runParts(subject.run),
    commit: change.commit,
    ...(change.base === undefined ? {} : { base: change.base }),
    files: [...change.files],
    protectedPaths: [...change.protectedPaths],
    diff: change.diff,
    commands: [...checks.map(check => ({ by: 'scheduler' as const, ...check })), ...workerCommands],
    ...(verification.box === undefined ? {} : { verifiedIn: boxText(verification.box) }),
    setUp: setUpPart(verification.setUp),
    proven: provenBy(checks).map(({ before, after }) => ({
      command: before.command,
      before: before.output,
      after: after.output,
    })),
    skipped: [
      ...skippedByScheduler(checks, policy).map(one => ({ by: 'scheduler' as const, ...one })),
      ...claims.skipped,
    ],
    remainingRisks: claims.remainingRisks,
    stopConditionsMet: claims.stopConditionsMet,
    report,
    concerns: [
      ...evidenceConcerns({ checks, notes, claims: { ...claims, skippedChecks: claims.skipped.length } }),
    ],
    owed: [...owedAfterMerge(policy)],
  };
}

function runParts({
  runId,
  attempt,
  mode,
  inputs,
  end,
}: RunFacts): Pick<EvidenceBundle, 'inputs' | 'run' | 'summary' | 'transcript'> {
  const { box = '', prompt = null, usage = null, summary = '', transcript = null } = end ?? {};
  return { inputs, run: { runId, attempt, mode, box: boxText(box), prompt, usage }, summary, transcript };
}

function setUpPart(setUp: SetUpFacts | undefined): EvidenceBundle['setUp'] {
  if (setUp === undefined) return null;
  const { box, ...facts } = setUp;
  return { ...facts, ...(box === undefined ? {} : { box: boxText(box) }) };
}

/** A run that left no report claims nothing. */
function claimsOf(report: AgentReport | null) {
  const skipped = report?.skippedChecks ?? [];
  return {
    skipped: skipped.map(one => ({ by: 'worker' as const, ...one })),
    remainingRisks: report?.remainingRisks ?? [],
    stopConditionsMet: report?.stopConditionsMet ?? [],
  };
}

/** What the pull request tells of it, cut to fit a state. */
function briefOf(bundle: EvidenceBundle): EvidenceBrief {
  const few = (texts: readonly string[]): readonly string[] =>
    texts.slice(0, BRIEF_ENTRIES_MAX).map(text => text.slice(0, BRIEF_CHARS_MAX));
  const workers = bundle.commands.filter(command => command.by === 'worker');
  return {
    contract: bundle.contract,
    proven: few(bundle.proven.map(proof => proof.command)),
    skipped: few(bundle.skipped.map(({ by, check, why }) => `${check}: ${why} (${by})`)),
    remainingRisks: few(bundle.remainingRisks),
    stopConditionsMet: few(bundle.stopConditionsMet),
    workerCommands: { ran: workers.length, failed: workers.filter(command => !command.passed).length },
    owed: few(bundle.owed),
  };
}
