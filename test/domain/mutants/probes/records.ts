/** Functions of the rules: audit chains, digests, names, and the tables of failures. */
import { append, archived, type AuditEntry, auditProblem, newTrail } from '../../../../src/domain/audit.ts';
import { begin, chainName } from '../../../../src/domain/begin.ts';
import { branchOwner, claimBranchName } from '../../../../src/domain/branch.ts';
import { canonicalJson } from '../../../../src/domain/canonical-json.ts';
import { digestMatches, digestOf } from '../../../../src/domain/digest.ts';
import { FAILURES, fixOf } from '../../../../src/domain/failure.ts';
import { ISSUE, START_AT } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, probe } from '../scene.ts';

const entry = (cause: string): AuditEntry => ({
  at: 1,
  from: 'triage',
  to: 'triage',
  hold: 'none',
  actor: { kind: 'rule', name: 'r' },
  judgement: 'automatic',
  cause,
  digests: { list: '1' },
});

const FAILED = [...Object.keys(FAILURES), 'Strange', 'toString'];

export const RECORD_PROBES: readonly Probe[] = [
  check('audit chains that were changed', () => {
    const start = newTrail('acme/shop#7 generation 1');
    const { records } = ['a', 'b', 'c'].map(entry).reduce(append, start);
    const [a, b, c] = records;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three records were written');
    const found = (chain: typeof records, from = start.head): string | undefined => auditProblem(chain, from);
    must('16 audit', found(records) === undefined, found(records) ?? '');
    const other = append({ ...start, nextSeq: 2 }, entry('b')).records[0];
    const renumbered = append({ ...start, nextSeq: 7 }, entry('a')).records[0];
    must('16 audit', found([a, { ...b, cause: 'x' }, c]) !== undefined, 'a changed cause passes');
    must('16 audit', found([a, { ...b, at: 2 }, c]) !== undefined, 'a changed time passes');
    must('16 audit', found([a, c]) !== undefined, 'a missing record passes');
    must('16 audit', other === undefined || found([a, other]) !== undefined, 'a foreign record passes');
    must('16 audit', renumbered === undefined || found([renumbered]) !== undefined, 'a wrong number passes');
    must(
      '16 audit',
      found(records, newTrail('acme/shop#7 generation 2').head) !== undefined,
      'another chain',
    );
  }),
  check('records are archived', () => {
    const trail = ['a', 'b', 'c'].map(entry).reduce(append, newTrail('x'));
    const rest = archived(trail, { upTo: 2, digest: digestOf('archive') });
    must('16 archived', rest.records.map(({ seq }) => seq).join() === '3', 'newer records are forgotten');
  }),
  check('generations have their own names', () => {
    const [one, two] = [1, 2].map(generation => ({ issue: ISSUE, generation, at: START_AT }));
    if (one === undefined || two === undefined) throw new Error('two generations were made');
    must('16 audit', begin(one).audit.head !== begin(two).audit.head, 'two generations share a chain');
    must('16 audit', chainName(one) !== chainName(two), 'two generations share the name of a chain');
    const read = begin({ ...two, commentsReadTo: 41 }).commentsReadTo;
    must('20 generation', read === 41, `comments are read from ${read} on`);
    for (const title of ['Fix it', 'g2', 'x-g12', '-g9', 'Ärger', '', '💥'])
      for (const generation of [1, 2, 12]) {
        const owner = branchOwner(claimBranchName({ issueNumber: 7, generation }, title));
        must(
          '20 generation',
          owner?.generation === generation,
          `${title} leads to ${owner?.generation ?? 0}`,
        );
        must('20 generation', owner?.issueNumber === 7, `${title} leads to another issue`);
      }
    for (const name of [
      'main',
      'ai/issue-7',
      'ai/issue-0-x',
      'x/ai/issue-7-x',
      'ai/issue-7-x/y',
      'ai/issue-07-x',
    ])
      must('23 theirs', branchOwner(name) === undefined, `${name} is taken for ours`);
  }),
  check('digests and their spellings', () => {
    const digest = digestOf('x');
    const hex = digest.slice('sha256:'.length);
    must('7 named', !digestMatches(digest, hex.slice(0, 11)), 'eleven characters suffice');
    must('7 named', !digestMatches(digest, hex.slice(5, 30)), 'a part from the middle suffices');
    must('18 replay', canonicalJson({ b: 1, a: 2 }) === canonicalJson({ a: 2, b: 1 }), 'the order counts');
    must('7 named', digestMatches(digest, hex.slice(0, 12)), 'twelve characters do not suffice');
    const isSame = digestOf({ 10: 'x', 9: { c: 2, d: undefined } }) === digestOf({ 9: { c: 2 }, 10: 'x' });
    must(
      '18 replay',
      isSame && digestOf({ a: 1 }) !== digestOf({ a: '1' }),
      'a digest depends on the spelling',
    );
    must('16 audit', canonicalJson([1, 2]) !== canonicalJson([1, 3]), 'two lists are one');
  }),
  check('each failure says how to fix it', () => {
    const isAlone = (failure: string): boolean =>
      ['GitHubMoved', 'ArtifactMissing', 'RepositoryUnsupported'].includes(failure);
    for (const [failure, text] of Object.entries(FAILURES)) {
      const wanted = isAlone(failure) ? fixOf(failure) : `${fixOf(failure)}, then /retry`;
      must('21 told', text === wanted && fixOf(failure).length > 20, `${failure} is fixed by: ${text}`);
    }
    must(
      '21 told',
      fixOf('GitHubForbidden') !== fixOf('Unexpected'),
      'a failure with a name counts as a defect',
    );
    for (const failure of ['Strange', 'toString', '__proto__'])
      must('21 told', fixOf(failure) === fixOf('Unexpected'), `${failure} does not count as a defect`);
  }),
  ...FAILED.map(failure =>
    probe(`an effect fails as ${failure}`, AUTO, life => {
      life.untilEffect('push-commit');
      life.fail(failure).flow();
    }),
  ),
  probe('an effect fails without a name', AUTO, life => {
    life.untilEffect('build-change').fail('Strange').flow();
    life.decide('ann', { kind: 'retry' });
  }),
  probe('a long life', AUTO, life => {
    life.until('merge');
    for (let n = 0; n < 120; n++) life.decide('ann', { kind: 'pause' }).decide('ann', { kind: 'resume' });
    life.flow();
    must('16 archived', life.world.state.audit.records.length <= 200, 'records pile up');
  }),
];
