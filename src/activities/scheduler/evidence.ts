/** Assembles the evidence bundle: input for the review, with its digest, and concerns to read before the change is published. */
import { getJson } from '../../artifacts/json.ts';
import type { ArtifactStore } from '../../artifacts/port.ts';
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { type AgentReport, agentReportSchema } from '../../contracts/agent-report.ts';
import { STORED_REPORT_BYTES_MAX, WORKER_COMMANDS_BYTES_MAX } from '../../contracts/bounds.ts';
import {
  type EvidenceBundle,
  type EvidenceCommand,
  evidenceSchema,
  EVIDENCE_VERSION,
  workerCommandsSchema,
} from '../../contracts/evidence.ts';
import { actorName } from '../../domain/actor.ts';
import { boxText } from '../../domain/box-facts.ts';
import type { Contract } from '../../domain/contract.ts';
import { type Digest, digestOf } from '../../domain/digest.ts';
import {
  countText,
  evidenceConcerns,
  owedAfterMerge,
  provenBy,
  skippedByScheduler,
  testCounts,
} from '../../domain/evidence.ts';
import { issueName } from '../../domain/issue-ref.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Candidate } from '../../domain/state/publication.ts';
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

/** Limits of each list in the brief, which is part of the workflow's state and of the pull request. */
const BRIEF_ENTRIES_MAX = 10;
const BRIEF_CHARS_MAX = 300;

export function assembleEvidence({ artifacts }: SchedulerPorts): SchedulerActivities['assembleEvidence'] {
  return async ({ context, run, change, verification, candidate }) => {
    const { generation, repository } = context;
    const { target } = repository ?? {};
    const subject = {
      ...{ issue: issueName(context.issue), generation, run, change, verification },
      ...(target === undefined ? {} : { target: target.branch }),
      ...(candidate === undefined ? {} : { candidate }),
    };
    return { type: 'evidence-assembled', evidence: await storedEvidence(artifacts, subject) };
  };
}

export interface EvidenceSubject {
  /** `owner/repo#number`. */
  readonly issue: string;
  readonly generation: number;
  readonly run: RunFacts;
  readonly change: Change;
  readonly verification: Verification;
  /** The target branch; absent for the default branch. */
  readonly target?: string;
  /** What was verified in place of the commit. */
  readonly candidate?: Candidate;
}

/** Assembles the bundle and stores it. */
export async function storedEvidence(artifacts: ArtifactStore, subject: EvidenceSubject): Promise<Evidence> {
  const sources = await sourcesOf(artifacts, subject);
  const bundle = evidenceSchema.parse(bundleOf(subject, sources));
  const digest = await putCanonical(artifacts, bundle);
  const { concerns } = bundle;
  const onto = subject.candidate === undefined ? {} : { onto: subject.candidate.base };
  return {
    ...{ commit: subject.change.commit, ...onto, digest, concerns },
    brief: briefOf(bundle, sources.wanted),
  };
}

/** Why the change is wanted, in the words of the issue. */
type Wanted = Pick<Contract, 'problem' | 'expected'>;

interface Sources {
  readonly policy: Policy;
  readonly contract: Digest;
  readonly wanted: Wanted;
  readonly report: AgentReport | null;
  readonly workerCommands: readonly EvidenceCommand[];
}

async function sourcesOf(artifacts: ArtifactStore, { run }: EvidenceSubject): Promise<Sources> {
  const { subject } = run.inputs;
  const policy = await loadPolicy(artifacts, run.inputs.policy);
  const { contract } = await loadIssue(artifacts, subject, policy);
  return {
    policy,
    contract: digestOf(contract),
    wanted: contract,
    report: await reportOf(artifacts, run),
    workerCommands: await commandsOf(artifacts, run),
  };
}

async function reportOf(artifacts: ArtifactStore, { end }: RunFacts): Promise<AgentReport | null> {
  if (end?.report === undefined) return null;
  return await getJson(artifacts, {
    digest: end.report,
    bytesMax: STORED_REPORT_BYTES_MAX,
    schema: agentReportSchema,
  });
}

async function commandsOf(artifacts: ArtifactStore, { end }: RunFacts): Promise<readonly EvidenceCommand[]> {
  if (end?.commands === undefined) return [];
  return await getJson(artifacts, {
    digest: end.commands,
    bytesMax: WORKER_COMMANDS_BYTES_MAX,
    schema: workerCommandsSchema,
  });
}

/** The scheduler's commands come first. The report holds the worker's claims, which nothing has verified. */
function bundleOf(subject: EvidenceSubject, sources: Sources): EvidenceBundle {
  const { issue, generation, change, verification } = subject;
  const { report, policy, contract, workerCommands } = sources;
  const { checks, baseRuns, notes = [] } = verification;
  const claims = claimsOf(report);
  return {
    version: EVIDENCE_VERSION,
    issue,
    generation,
    contract,
    ...runParts(subject.run),
    ...adoptedPart(subject.run),
    commit: change.commit,
    ...(change.base === undefined ? {} : { base: change.base }),
    ...candidatePart(subject.candidate),
    files: [...change.files],
    protectedPaths: [...change.protectedPaths],
    diff: change.diff,
    commands: [...schedulersCommands(verification), ...workerCommands],
    ...(verification.box === undefined ? {} : { verifiedIn: boxText(verification.box) }),
    setUp: setUpPart(verification.setUp),
    proven: provenBy(checks).map(({ before, after }) => ({
      command: before.command,
      before: before.output,
      after: after.output,
    })),
    ...(baseRuns === undefined ? {} : { tests: [...testCounts(checks, baseRuns)] }),
    skipped: [
      ...skippedByScheduler(verification, policy).map(one => ({ by: 'scheduler' as const, ...one })),
      ...claims.skipped,
    ],
    remainingRisks: claims.remainingRisks,
    stopConditionsMet: claims.stopConditionsMet,
    report,
    concerns: [
      ...evidenceConcerns({
        ...{ checks, notes },
        ...(subject.run.adopted === undefined ? {} : { adopted: subject.run.adopted }),
        ...(baseRuns === undefined ? {} : { baseRuns }),
        claims: { ...claims, skippedChecks: claims.skipped.length },
      }),
    ],
    owed: [...owedAfterMerge(policy, subject.target)],
  };
}

function schedulersCommands({ checks, baseRuns = [] }: Verification): readonly EvidenceCommand[] {
  return [
    ...checks.map(check => ({ by: 'scheduler' as const, ...check })),
    ...baseRuns.map(run => ({ by: 'scheduler' as const, on: 'base' as const, expected: null, ...run })),
  ];
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

function adoptedPart({ adopted }: RunFacts): Pick<EvidenceBundle, 'adopted'> {
  if (adopted === undefined) return {};
  const { head, by, total, commits } = adopted;
  return { adopted: { head, by: actorName(by), total, commits: commits.map(commit => ({ ...commit })) } };
}

function candidatePart(candidate: Candidate | undefined): Pick<EvidenceBundle, 'candidate'> {
  if (candidate === undefined) return {};
  const { base, tree, patch = null, sameFiles = [] } = candidate;
  return { candidate: { base, tree, patch, sameFiles: [...sameFiles] } };
}

function setUpPart(setUp: SetUpFacts | undefined): EvidenceBundle['setUp'] {
  if (setUp === undefined) return null;
  const { box, ...facts } = setUp;
  return { ...facts, ...(box === undefined ? {} : { box: boxText(box) }) };
}

/** A run without a report makes no claims. */
function claimsOf(report: AgentReport | null) {
  const skipped = report?.skippedChecks ?? [];
  return {
    skipped: skipped.map(one => ({ by: 'worker' as const, ...one })),
    remainingRisks: report?.remainingRisks ?? [],
    stopConditionsMet: report?.stopConditionsMet ?? [],
  };
}

/** The part that the pull request shows, cut to fit into the workflow's state. */
function briefOf(bundle: EvidenceBundle, { problem, expected }: Wanted): EvidenceBrief {
  const capped = (texts: readonly string[]): readonly string[] =>
    texts.slice(0, BRIEF_ENTRIES_MAX).map(text => text.slice(0, BRIEF_CHARS_MAX));
  const workers = bundle.commands.filter(command => command.by === 'worker');
  return {
    contract: bundle.contract,
    ...(problem === '' ? {} : { problem: problem.slice(0, BRIEF_CHARS_MAX) }),
    ...(expected === '' ? {} : { expected: expected.slice(0, BRIEF_CHARS_MAX) }),
    proven: capped(bundle.proven.map(proof => proof.command)),
    ...(bundle.tests === undefined ? {} : { tests: capped(bundle.tests.map(countText)) }),
    skipped: capped(bundle.skipped.map(({ by, check, why }) => `${check}: ${why} (${by})`)),
    remainingRisks: capped(bundle.remainingRisks),
    stopConditionsMet: capped(bundle.stopConditionsMet),
    workerCommands: { ran: workers.length, failed: workers.filter(command => !command.passed).length },
    owed: capped(bundle.owed),
  };
}
