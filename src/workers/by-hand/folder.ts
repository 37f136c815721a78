/** The evidence folder: every artifact by a readable name, the sums that tie them to the digests, and the clone with the branch. */
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HandResult } from '../../client/cli/run/by-hand.ts';
import { sequelIn } from '../../domain/facts.ts';
import { ENDING_RULES } from '../../domain/ending.ts';
import type { Digest } from '../../domain/digest.ts';
import { declaredRisk, type RiskJudgement, riskOfPaths, worse } from '../../domain/risk.ts';
import type { CheckResult } from '../../domain/state.ts';
import { readableShellWord } from '../../host/shell-word.ts';
import type { HandContext } from './context.ts';
import type { Done } from './line.ts';
import { summaryText } from './summary.ts';

export async function writeEvidence(context: HandContext, done: Done): Promise<HandResult> {
  const result = resultOf(context, done);
  const files = new Map<string, Uint8Array>();
  for (const [name, digest] of artifactsOf(done))
    files.set(name, await context.ports.artifacts.get(digest, ARTIFACT_BYTES_MAX));
  files.set('result.json', text(`${JSON.stringify(result, null, 2)}\n`));
  files.set('summary.md', text(summaryText(context.ask.issue.title, result)));
  files.set('SHA256SUMS', text(sums(files)));
  for (const [name, bytes] of files) {
    const path = join(context.place.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  if (done.made !== undefined) await rename(context.mirrorDir, cloneOf(context));
  return result;
}

const ARTIFACT_BYTES_MAX = 64 * 1024 * 1024;

function artifactsOf({ run, made }: Done): readonly (readonly [string, Digest])[] {
  const { prompt, report, transcript } = run.end;
  const named: readonly (readonly [string, Digest | undefined])[] = [
    ['prompt.md', prompt],
    ['transcript.txt', transcript],
    ['report.json', report],
    ['evidence.json', made?.evidence.digest],
    ['change.diff', made?.change.diff],
    ...(made?.verification.checks ?? []).map(
      (check, index) => [checkFile(check, index), check.output] as const,
    ),
  ];
  return named.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest] as const]));
}

function checkFile({ name, on }: CheckResult, index: number): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `checks/${String(index + 1).padStart(2, '0')}-${words}-on-${on}.txt`;
}

/** As `sha256sum --check` reads it. */
function sums(files: ReadonlyMap<string, Uint8Array>): string {
  return [...files]
    .map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`)
    .join('');
}

function text(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}

function cloneOf({ place }: HandContext): string {
  return join(place.folder, 'repository.git');
}

function resultOf(context: HandContext, done: Done): HandResult {
  const { ask, source, inputs, mode, policy } = context;
  return {
    version: 1,
    issue: ask.issue.name,
    ...verdict(done),
    mode,
    risk: riskOf(context, done),
    base: inputs.base,
    policy: { digest: policy.digest, from: source.policyFrom },
    run: runOf(context, done),
    refusals: done.refusals,
    ...madeOf(done),
    folder: context.place.folder,
    branch: done.made === undefined ? null : branchOf(context),
  };
}

function runOf({ agent }: HandContext, { run }: Done): HandResult['run'] {
  const { ending, summary, box = '', usage, endedAt } = run.end;
  return { ending, summary, agent: agent.name, box, usage, durationMs: endedAt - run.startedAt };
}

/** The floor, the real change, and what the agent raised: the worst wins. */
function riskOf({ risk, policy }: HandContext, { run, made }: Done): RiskJudgement {
  const paths = made?.change.files.map(file => file.path) ?? [];
  const raised = declaredRisk(run.end.raisedRisk, 'the agent');
  return [risk, riskOfPaths(paths, policy.risk), raised].reduce(worse);
}

function madeOf({ made }: Done): Pick<HandResult, 'change' | 'checks' | 'concerns' | 'evidence'> {
  if (made === undefined) return { change: null, checks: [], concerns: [], evidence: null };
  const { change, verification, evidence } = made;
  return { change, checks: verification.checks, concerns: evidence.concerns, evidence: evidence.digest };
}

/** Verified is what was checked and came out as it should; a person may still take what was not. */
function verdict({ run, made, refusals }: Done): Pick<HandResult, 'outcome' | 'why'> {
  const [refusal] = refusals;
  if (refusal !== undefined)
    return { outcome: 'no', why: `the change was refused: ${refusal.path}: ${refusal.reason}` };
  if (made !== undefined) return verdictOnChange(made.verification.checks);
  const { ending } = run.end;
  const why = ENDING_RULES[ending].meaning;
  return { outcome: sequelIn(run.mode, ending) === 'deliver' ? 'delivered' : 'no', why };
}

function verdictOnChange(checks: readonly CheckResult[]): Pick<HandResult, 'outcome' | 'why'> {
  const odd = checks.filter(check => check.passed !== (check.expected === 'pass'));
  const [first] = odd;
  if (first !== undefined) {
    const did = first.passed ? 'passed' : 'failed';
    return { outcome: 'no', why: `${first.name} ${did} on ${first.on}, where it should ${first.expected}` };
  }
  if (!checks.some(check => check.on === 'head'))
    return { outcome: 'no', why: 'no verification command was run: name them in verification.commands' };
  return { outcome: 'verified', why: 'every check came out as it should' };
}

function branchOf(context: HandContext): HandResult['branch'] {
  const { branch: name, source } = context;
  const repository = cloneOf(context);
  const words = ['git', '-C', source.repository.root, 'fetch', repository, `${name}:${name}`];
  return { repository, name, fetch: words.map(readableShellWord).join(' ') };
}
