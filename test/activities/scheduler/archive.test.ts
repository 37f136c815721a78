/** Archiving audit records: the same batch is the same artifact, however often it is archived. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditNote } from '../../../src/contracts/audit-archive.ts';
import { issueName } from '../../../src/domain/issue-ref.ts';
import { append, newTrail, type AuditEntry } from '../../../src/domain/audit.ts';
import { factOf } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const entry: AuditEntry = {
  ...{
    at: 1,
    from: 'triage',
    to: 'triage',
    hold: 'none',
    judgement: 'automatic',
    cause: 'test',
    digests: {},
  },
  actor: { kind: 'rule', name: 'test' },
};

test('a batch is stored completely, and archiving it again returns the same digest', async () => {
  const { records } = append(append(newTrail('acme/cards#1.1'), entry), { ...entry, at: 2 });
  const input = { context: stage.context(1), records };
  const fact = await factOf(stage.activities.archiveAudit, input);
  expect(fact).toMatchObject({ type: 'audit-archived', upTo: 2 });
  const text = Buffer.from(await stage.artifacts.get(fact.digest, 100_000)).toString('utf8');
  const { issue, generation } = input.context;
  expect(JSON.parse(text)).toEqual({ version: 1, issue: issueName(issue), generation, records });
  expect(await factOf(stage.activities.archiveAudit, input)).toEqual(fact);
  const shorter = { ...input, records: records.slice(0, 1) };
  const other = await factOf(stage.activities.archiveAudit, shorter);
  expect(other.digest).not.toBe(fact.digest);
  // Each archive is found once by the issue's name, in any case, however often it was archived.
  const noted = await stage.artifacts.noted(auditNote({ ...issue, owner: issue.owner.toUpperCase() }));
  expect([...noted].sort()).toEqual([fact.digest, other.digest].sort());
});
