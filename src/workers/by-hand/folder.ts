/** The evidence folder: all artifacts by readable names, the checksums that match the digests, and the clone with the branch. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HandResult } from '../../client/cli/run/by-hand.ts';
import { SHOWN_ARTIFACT_BYTES_MAX } from '../../contracts/bounds.ts';
import { boxText } from '../../domain/box-facts.ts';
import { riskByHand, type Verdict, verdictByHand } from '../../domain/by-hand.ts';
import type { Digest } from '../../domain/digest.ts';
import type { RiskJudgement } from '../../domain/risk.ts';
import type { CheckResult } from '../../domain/state/work.ts';
import { readableShellWord } from '../../host/shell-word.ts';
import type { HandContext } from './context.ts';
import type { Done } from './line.ts';
import { summaryText } from './summary.ts';

export async function writeEvidence(context: HandContext, done: Done): Promise<HandResult> {
  const result = resultOf(context, done);
  const files = new Map<string, Uint8Array>();
  for (const [name, digest] of artifactsOf(done))
    files.set(name, await context.ports.artifacts.get(digest, SHOWN_ARTIFACT_BYTES_MAX));
  files.set('result.json', text(`${JSON.stringify(result, null, 2)}\n`));
  files.set('summary.md', text(summaryText(context.ask.issue.title, result)));
  files.set('SHA256SUMS', text(sums(files)));
  for (const [name, bytes] of files) {
    const path = join(context.place.folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, bytes, { mode: 0o600 });
  }
  if (done.made !== undefined) {
    await chmod(context.mirrorDir, 0o700);
    await rename(context.mirrorDir, cloneOf(context));
  }
  return result;
}

function artifactsOf({ run, made }: Done): readonly (readonly [string, Digest])[] {
  const { prompt, report, transcript } = run.end;
  const named: readonly (readonly [string, Digest | undefined])[] = [
    ['prompt.md', prompt],
    ['transcript.txt', transcript],
    ['report.json', report],
    ['evidence.json', made?.evidence.digest],
    ['change.diff', made?.change.diff],
    ...runsOf(made).map((run, index) => [checkFile(run, index), run.output] as const),
  ];
  return named.flatMap(([name, digest]) => (digest === undefined ? [] : [[name, digest] as const]));
}

/** In the order of the evidence. */
function runsOf(made: Done['made']): readonly Pick<CheckResult, 'name' | 'on' | 'output'>[] {
  if (made === undefined) return [];
  const { checks, baseRuns = [] } = made.verification;
  return [...checks, ...baseRuns.map(run => ({ ...run, on: 'base' as const }))];
}

function checkFile({ name, on }: Pick<CheckResult, 'name' | 'on'>, index: number): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `checks/${String(index + 1).padStart(2, '0')}-${words}-on-${on}.txt`;
}

/** The format of `sha256sum --check`. */
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
    ...verdictOf(done),
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
  return {
    ending,
    summary,
    agent: agent.name,
    box: boxText(box),
    usage,
    durationMs: endedAt - run.startedAt,
  };
}

function riskOf({ risk, policy }: HandContext, { run, made }: Done): RiskJudgement {
  const paths = made?.change.files.map(file => file.path) ?? [];
  return riskByHand(risk, { paths, end: run.end }, policy);
}

function madeOf({ made }: Done): Pick<HandResult, 'change' | 'checks' | 'concerns' | 'evidence'> {
  if (made === undefined) return { change: null, checks: [], concerns: [], evidence: null };
  const { change, verification, evidence } = made;
  return { change, checks: verification.checks, concerns: evidence.concerns, evidence: evidence.digest };
}

function verdictOf({ run, made, refusals }: Done): Verdict {
  return verdictByHand({ mode: run.mode, end: run.end, refusals, checks: made?.verification.checks });
}

function branchOf(context: HandContext): HandResult['branch'] {
  const { branch: name, source } = context;
  const repository = cloneOf(context);
  const words = ['git', '-C', source.repository.root, 'fetch', repository, `${name}:${name}`];
  return { repository, name, fetch: words.map(readableShellWord).join(' ') };
}
