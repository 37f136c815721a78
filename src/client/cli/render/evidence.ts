/** `evidence`: the bundle as text. The scheduler's own checks come first; the worker's claims are marked as such. */
import type { EvidenceBundle, EvidenceCommand } from '../../../contracts/evidence.ts';
import { countText } from '../../../domain/evidence.ts';
import { shortOf } from './show.ts';
import type { Terminal } from './terminal.ts';
import { count, durationText, plain, shortCommit } from './text.ts';

export function evidenceLines(bundle: EvidenceBundle, digest: string, terminal: Terminal): readonly string[] {
  const { paint } = terminal;
  const { run } = bundle;
  const own = bundle.commands.filter(command => command.by === 'scheduler');
  const theirs = bundle.commands.filter(command => command.by === 'worker');
  const cost = run.usage === null ? '' : `, ${run.usage.costUsd.toFixed(4)} USD`;
  return [
    `${paint.bold(plain(bundle.issue))}  evidence ${shortOf(digest)}`,
    `contract ${shortOf(bundle.contract)}`,
    `commit ${shortCommit(bundle.commit)} on base ${shortCommit(bundle.base ?? bundle.inputs.base)}`,
    `run ${plain(run.runId)}, mode ${run.mode}, box ${plain(run.box)}${cost}`,
    '',
    paint.bold(count(bundle.files.length, 'file')),
    ...bundle.files.map(file => `  ${file.status.padEnd(9)} ${plain(file.path)}`),
    ...bundle.protectedPaths.map(path => paint.yellow(`  protected ${plain(path)}`)),
    '',
    paint.bold('checked by the scheduler on this commit'),
    ...(own.length === 0 ? ['  nothing: the policy has no verification commands'] : []),
    ...own.map(command => checkLine(command, terminal)),
    ...(bundle.verifiedIn === undefined ? [] : [`  in the box ${plain(bundle.verifiedIn)}`]),
    ...(bundle.setUp === null ? [] : [setUpLine(bundle.setUp)]),
    ...titled(
      'fails without the change, passes with it',
      bundle.proven.map(proof => proof.command),
      terminal,
    ),
    ...titled('tests that ran', (bundle.tests ?? []).map(countText), terminal),
    ...titled('concerns', bundle.concerns, terminal).map(line => paint.red(line)),
    ...titled(
      'not checked',
      bundle.skipped.map(({ by, check, why }) => `${check}: ${why} (${by})`),
      terminal,
    ),
    ...titled('run by the worker, as it reports', theirs.map(workerLine), terminal),
    ...reportLines(bundle, terminal),
    ...titled('required after the merge', bundle.owed, terminal),
  ];
}

function setUpLine({ layer, on, reused, output }: NonNullable<EvidenceBundle['setUp']>): string {
  const when = reused ? 'reused from an earlier verification' : 'built for this verification';
  return `  set-up ${shortOf(layer)} of the ${on}, ${when}, output ${output}`;
}

export function checkLine(check: Omit<EvidenceCommand, 'by'>, { paint }: Terminal): string {
  const what = `${plain(check.name)} on ${PLACES[check.on]}: ${check.passed ? 'passes' : 'fails'}`;
  const flaky = check.flaky === true ? ', flaky' : '';
  return `  ${what}${flaky}, ${verdictOn(check, paint)} (${outcomeOf(check)})`;
}

const PLACES: Readonly<Record<EvidenceCommand['on'], string>> = {
  head: 'head',
  base: 'base',
  'head-with-base-tests': 'head with the tests of the base',
  workspace: 'workspace',
};

function verdictOn({ passed, expected }: Omit<EvidenceCommand, 'by'>, paint: Terminal['paint']): string {
  if (expected === null) return 'run only to count its tests';
  return passed === (expected === 'pass') ? paint.green('as expected') : paint.red(`expected to ${expected}`);
}

function workerLine(command: EvidenceCommand): string {
  return `${command.command} (${outcomeOf(command)})`;
}

function outcomeOf({ durationMs, exitCode, output }: Omit<EvidenceCommand, 'by'>): string {
  return `${durationText(durationMs)}, exit ${exitCode ?? 'none'}, output ${shortOf(output)}`;
}

function reportLines(
  { report, remainingRisks, stopConditionsMet }: EvidenceBundle,
  terminal: Terminal,
): readonly string[] {
  if (report === null) return ['', 'the worker wrote no report'];
  return [
    ...titled('report of the worker', [report.summary], terminal),
    ...titled('remaining risks, as the worker reports', remainingRisks, terminal),
    ...titled('stop conditions met, as the worker reports', stopConditionsMet, terminal),
  ];
}

function titled(title: string, texts: readonly string[], { paint }: Terminal): readonly string[] {
  return texts.length === 0 ? [] : ['', paint.bold(title), ...texts.map(text => `  ${plain(text)}`)];
}
