/** Generates docs/lifecycle.md from the tables that the rules use. Pure: the same tables give the same page. */
import { BOUND_PARTS } from '../../src/domain/bound.ts';
import { DECISION_KINDS, DECISION_RULES, GATE_JUDGEMENT, GATES } from '../../src/domain/decision.ts';
import { ENDING_RULES, ENDINGS, type EndingSequel, SEQUEL_MEANINGS } from '../../src/domain/ending.ts';
import { DRIFT } from '../../src/domain/evolve/drift.ts';
import { FAILURES } from '../../src/domain/failure.ts';
import { GATE_RULES } from '../../src/domain/gate.ts';
import { RUNG_RULES } from '../../src/domain/hold.ts';
import { CHANGE_LIMITS, ISSUE_LIMITS, RUN_LIMITS } from '../../src/domain/limits.ts';
import { MODE_RIGHTS, MODES } from '../../src/domain/mode.ts';
import { isEnd, STAGE_EDGES, STAGE_MEANINGS, type Stage } from '../../src/domain/stage.ts';
import { RUNGS } from '../../src/domain/state/people.ts';
import { HOLD_MEANINGS, WAIT_MEANINGS } from '../../src/domain/step.ts';
import { code, markdownTable } from './markdown.ts';

/** Every table of the page. A test changes each one and expects the page to be outdated. */
export const TABLES = {
  BOUND_PARTS,
  CHANGE_LIMITS,
  DECISION_RULES,
  DRIFT,
  ENDING_RULES,
  FAILURES,
  GATE_JUDGEMENT,
  GATE_RULES,
  HOLD_MEANINGS,
  ISSUE_LIMITS,
  MODE_RIGHTS,
  RUNG_RULES,
  RUN_LIMITS,
  SEQUEL_MEANINGS,
  STAGE_EDGES,
  STAGE_MEANINGS,
  WAIT_MEANINGS,
};
export type Tables = typeof TABLES;

export function lifecyclePage(tables: Tables = TABLES): string {
  const parts = [HEAD, stages, modes, gates, decisions, holds, runs, limits, drift];
  return `${parts.map(part => (typeof part === 'string' ? part : part(tables))).join('\n\n')}\n`;
}

const HEAD = `# The life of an issue, in tables

Written by \`npm run docs\` from the tables in \`src/domain\` that the rules use; do not edit it by hand. What the words
mean together is said in [SPEC.md](../SPEC.md).`;

function stages({ STAGE_EDGES: edges, STAGE_MEANINGS: meanings }: Tables): string {
  const names = Object.keys(meanings) as Stage[];
  return [
    '## Stages',
    'Each arrow is a possible change of stage, with the events that cause it; there are no others. The ends are at the\nbottom.',
    diagram({ names, edges }),
    markdownTable(
      ['stage', 'the facts it follows from', 'end'],
      names.map(name => [code(name), meanings[name], isEnd(name) ? 'yes' : '']),
    ),
    markdownTable(
      ['from', 'to', 'by', 'says'],
      edges.map(({ from, to, by, says }) => [code(from), code(to), by.map(code).join(', '), says]),
    ),
  ].join('\n\n');
}

/** Mermaid allows no hyphen in the name of a state. */
function diagram({ names, edges }: { names: readonly Stage[]; edges: Tables['STAGE_EDGES'] }): string {
  const plain = (name: Stage): string => name.replaceAll('-', '_');
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...names.filter(name => plain(name) !== name).map(name => `    state "${name}" as ${plain(name)}`),
    '    [*] --> triage',
    ...edges.map(({ from, to, by }) => `    ${plain(from)} --> ${plain(to)}: ${by.join(' · ')}`),
    ...names.filter(isEnd).map(name => `    ${plain(name)} --> [*]`),
    '```',
  ].join('\n');
}

function modes({ MODE_RIGHTS: rights }: Tables): string {
  const rows = MODES.map(mode => {
    const { mayWrite, mayOpenPullRequest, startGate, meaning } = rights[mode];
    return [code(mode), yesNo(mayWrite), yesNo(mayOpenPullRequest), yesNo(startGate), meaning];
  });
  const head = ['mode', 'may write', 'may open a pull request', 'always asks the start gate', 'for'];
  return ['## Modes', 'How much authority the project grants to a run.', markdownTable(head, rows)].join(
    '\n\n',
  );
}

function gates({ GATE_RULES: rules, GATE_JUDGEMENT: judgement, BOUND_PARTS: parts }: Tables): string {
  return [
    '## Gates',
    markdownTable(
      ['gate', 'stands before', 'asked when one of these is so', 'judgement'],
      GATES.map(gate => [
        code(gate),
        rules[gate].before,
        rules[gate].asks.map(ask => ask.when).join('; '),
        judgement[gate],
      ]),
    ),
    'An approval is bound to exactly these, plus the gate and the issue. When one of them changes, the approval is void:\nSignalbox asks at the gate again and tells the approver what changed.',
    markdownTable(
      ['bound to', 'from the gate', 'another one when'],
      Object.values(parts).map(({ name, from, changedBy }) => [name, code(from), changedBy]),
    ),
  ].join('\n\n');
}

function decisions({ DECISION_RULES: rules }: Tables): string {
  const rows = DECISION_KINDS.map(kind => {
    const { does, refusedWhen, judgement } = rules[kind];
    return [code(kind), does, refusedWhen, judgement === 'gate' ? 'that of the gate' : judgement];
  });
  return [
    '## Decisions',
    'A decision is also refused without the required role, from a source that the policy does not accept, after the\nend, for another generation, and when it is repeated.\nA transition that no person decided is recorded as `automatic`, with the name of the rule.',
    markdownTable(['decision', 'does', 'refused when', 'judgement'], rows),
  ].join('\n\n');
}

function holds({ HOLD_MEANINGS: meanings, RUNG_RULES: rungs, WAIT_MEANINGS: waits }: Tables): string {
  return [
    '## Holds and waits',
    'A hold needs a person. There is at most one at a time; it says who must do what, and why.',
    markdownTable(
      ['hold', 'means'],
      Object.entries(meanings).map(([hold, means]) => [holdNames(hold), means]),
    ),
    'While nobody acts, a hold climbs the ladder. A pause does not, because a person asked for it.',
    markdownTable(
      ['rung', 'means', 'left after, from the beginning of the hold'],
      RUNGS.map(rung => [
        code(rung),
        rungs[rung].means,
        rungs[rung].leftAfter === undefined ? 'never' : code(rungs[rung].leftAfter),
      ]),
    ),
    'A wait needs no person; it ends on its own.',
    markdownTable(
      ['wait', 'for', 'until'],
      Object.entries(waits).map(([wait, { for: what, until }]) => [code(wait), what, until]),
    ),
  ].join('\n\n');
}

function holdNames(hold: string): string {
  return hold === 'gate' ? GATES.map(gate => code(`gate:${gate}`)).join(', ') : code(hold);
}

function runs({ ENDING_RULES: rules, SEQUEL_MEANINGS: sequels, FAILURES: failures }: Tables): string {
  return [
    '## Endings of a run',
    markdownTable(
      ['ending', 'meaning', 'leads to', 'counts as'],
      ENDINGS.map(name => [code(name), rules[name].meaning, rules[name].sequel, rules[name].counts]),
    ),
    markdownTable(
      ['leads to', 'which is'],
      (Object.keys(sequels) as EndingSequel[]).map(sequel => [code(sequel), sequels[sequel]]),
    ),
    'Endings marked `own` count against `limits.attempts`, those marked `lost` against `limits.lostRuns`.',
    '## Failures of effects',
    'An effect that cannot succeed without a person fails with one of these names; the hold says what to do.',
    markdownTable(
      ['failure', 'what to do'],
      Object.entries(failures).map(([name, mend]) => [code(name), mend]),
    ),
  ].join('\n\n');
}

function limits({ RUN_LIMITS: run, ISSUE_LIMITS: issue, CHANGE_LIMITS: change, ...others }: Tables): string {
  const { ENDING_RULES: endings, SEQUEL_MEANINGS: sequels } = others;
  const rows = [
    ...run.map(({ name, field, of, ending }) => [
      name,
      code(field),
      of,
      `ending ${code(ending)}`,
      sequels[endings[ending].sequel],
    ]),
    ...issue.map(({ name, field, of, mend }) => [
      name,
      code(field),
      of,
      'no other run starts',
      `hold ${code('blocked')}: ${mend}`,
    ]),
    ...change.map(({ name, field, of, comesTo, next }) => [name, code(field), of, comesTo, next]),
  ];
  const head = ['limit', 'field of the policy', 'of what', 'comes to', 'what follows'];
  return ['## Limits', markdownTable(head, rows)].join('\n\n');
}

function drift({ DRIFT: rows }: Tables): string {
  return [
    '## Drift',
    "A person's act on GitHub always wins.",
    markdownTable(
      ['found on GitHub', 'then'],
      Object.values(rows).map(({ found, then }) => [found, then]),
    ),
  ].join('\n\n');
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');
