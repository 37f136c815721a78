/** Writes whose response is lost, against the simulated GitHub: they fail by name, are sent once and can be read back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createComment, findMarked, listComments } from '../../src/github/comments.ts';
import { where } from '../support/github.ts';
import { openLine, rejects } from './line.ts';
import type { Line } from './line.ts';

let line: Line;
beforeAll(async () => void (line = await openLine()));
afterAll(async () => await line.end());

describe('a write whose response is lost', () => {
  const path = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  test.each(['execute-then-500', 'execute-then-502', 'execute-then-reset', 'cut-body', 'html-200'] as const)(
    'after %s is unknown, was sent once and can be read back',
    async kind => {
      const { number } = line.person('alice').openIssue({ title: kind });
      const issue = { ...where, issue: number };
      const fault = line.simulator.admin.faults.add({ kind, method: 'POST', path });
      await rejects(createComment(line.github, { ...issue, body: 'the mark' }), 'unknown');
      expect(fault.hits()).toBe(1);
      const written = await findMarked(line.github, { ...issue, marker: 'the mark', author: 'line-bot' });
      expect(written).toHaveLength(kind === 'html-200' ? 0 : 1);
    },
  );
  test.each([
    ['rate-limit', 'rate-limited'],
    ['secondary-limit', 'rate-limited'],
    ['redirect', 'moved'],
    ['fail-before', 'unknown'],
  ] as const)('after %s fails as %s', async (kind, named) => {
    const { number } = line.person('alice').openIssue({ title: kind });
    line.simulator.admin.faults.add({ kind, method: 'POST', path });
    await rejects(createComment(line.github, { ...where, issue: number, body: 'x' }), named);
    expect(await listComments(line.github, { ...where, issue: number })).toEqual([]);
  });
});
