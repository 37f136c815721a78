/** GitHub's bounds on texts: the longest text is taken, one character more is a 422 that names the field. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../support/github.ts';

let stage: GitHubStage;
let issue: number;
beforeAll(async () => {
  stage = await stageGitHub();
  const { data } = await stage.as('alice-token').rest.issues.create({ ...where, title: 'One' });
  issue = data.number;
});
afterAll(() => stage.end());

const answer = (work: Promise<{ readonly status: number }>): Promise<unknown> =>
  work.then(
    ({ status }) => status,
    (error: unknown) => (error as { response: { data: { errors: unknown } } }).response.data.errors,
  );

interface Bound {
  readonly field: string;
  readonly max: number;
  readonly write: (text: string) => Promise<{ readonly status: number }>;
}

const alice = () => stage.as('alice-token').rest;
const bounds: readonly Bound[] = [
  { field: 'title', max: 256, write: title => alice().issues.create({ ...where, title }) },
  { field: 'body', max: 65_536, write: body => alice().issues.create({ ...where, title: 'T', body }) },
  {
    field: 'title',
    max: 256,
    write: title => alice().issues.update({ ...where, issue_number: issue, title }),
  },
  {
    field: 'body',
    max: 65_536,
    write: body => alice().issues.update({ ...where, issue_number: issue, body }),
  },
  {
    field: 'body',
    max: 65_536,
    write: body => alice().issues.createComment({ ...where, issue_number: issue, body }),
  },
  { field: 'name', max: 50, write: name => alice().issues.createLabel({ ...where, name }) },
  {
    field: 'description',
    max: 100,
    write: description =>
      alice().issues.createLabel({ ...where, name: `n${description.length}`, description }),
  },
  {
    field: 'name',
    max: 50,
    write: name => alice().issues.addLabels({ ...where, issue_number: issue, labels: [name] }),
  },
];

test.each(bounds.map((bound, index) => ({ ...bound, index })))(
  'bound $index: $field has at most $max characters',
  async ({ field, max, write }) => {
    expect([200, 201]).toContain(await answer(write('é'.repeat(max))));
    expect(await answer(write('x'.repeat(max + 1)))).toEqual([
      expect.objectContaining({
        code: 'custom',
        message: `${field} is too long (maximum is ${max} characters)`,
      }),
    ]);
  },
);

test('characters are counted, not their halves', async () => {
  const body = '😀'.repeat(65_536);
  expect(await answer(alice().issues.createComment({ ...where, issue_number: issue, body }))).toBe(201);
});

test('people in tests meet the same bounds', () => {
  const person = stage.github.admin.as('alice', repositoryName);
  expect(() => person.comment(issue, 'x'.repeat(65_537))).toThrow('Validation Failed');
  expect(person.comment(issue, 'x'.repeat(65_536)).id).toBeGreaterThan(0);
});
