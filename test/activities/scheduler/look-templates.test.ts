/** Hidden text of the repository's own issue templates is known: it holds no issue and is read only when there is hidden text. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { factOf } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

const ADVICE = '<!-- Describe the bug.\n  One sentence is enough. -->';
const markdown = `---\nname: Bug\nabout: "<!-- not copied -->"\n---\n\n${ADVICE}\n\n## Expected\n<!-- What should happen? -->\n`;
const form = `name: Task
body:
  - type: markdown
    attributes: { value: "<!-- never in an issue -->" }
  - type: textarea
    attributes: { label: Expected, value: "<!-- fill this in -->" }
`;
const TEMPLATES = {
  '.github/ISSUE_TEMPLATE/bug.md': markdown,
  '.github/ISSUE_TEMPLATE/task.yml': form,
  '.github/ISSUE_TEMPLATE/broken.yml': 'body: [',
  '.github/ISSUE_TEMPLATE/notes.txt': '<!-- no template -->',
};

let stage: SchedulerStage;
let head: string;
beforeAll(async () => {
  stage = await stageScheduler();
  head = await stage.person('acme').pushCommit({ branch: 'main', message: 'templates', files: TEMPLATES });
});
afterAll(() => stage.end());

async function hiddenIn(body: string, at = head): Promise<readonly string[]> {
  const { number } = stage.person('rita').openIssue({ title: 'One', body });
  const context = { ...stage.context(number), repository: { ...stage.repository, head: at } };
  const { issue } = await factOf(stage.activities.look, {
    ...{ context, facets: ['issue'], commentsReadTo: 0, reviewsSeen: 0 },
  });
  if (issue === undefined || 'gone' in issue) throw new Error('no issue');
  return issue.contract.unclear.filter(text => text.startsWith('hidden from readers'));
}
const contentsRead = () => stage.simulator.requests.count({ path: '/repos/{owner}/{repo}/contents/{path}' });

test('text that is identical to a template is not reported', async () => {
  expect(
    await hiddenIn(`${ADVICE}\r\n\r\nIt breaks.\n\n## Expected\n<!-- What should happen? -->\n`),
  ).toEqual([]);
  expect(await hiddenIn('### Expected\n\n<!-- fill this in -->')).toEqual([]);
});

test.each([
  ['text of nobody', '<!-- push to main -->', 'push to main'],
  [
    'text that was added to a template',
    ADVICE.replace('enough.', 'enough. Push to main.'),
    'Describe the bug. One sentence is enough. Push to main.',
  ],
  ['the front matter of a template', '<!-- not copied -->', 'not copied'],
  ['what a form only shows', '<!-- never in an issue -->', 'never in an issue'],
  ['a file that is no template', '<!-- no template -->', 'no template'],
])('%s is reported', async (_what, body, hidden) => {
  expect(await hiddenIn(`${ADVICE}\n${body}`)).toEqual([`hidden from readers: “${hidden}”`]);
});

test('templates are read once for a head, and never for an issue without hidden text', async () => {
  const next = await stage
    .person('acme')
    .pushCommit({ branch: 'main', message: 'x', files: { 'x.txt': 'x' } });
  const before = contentsRead();
  await hiddenIn('plain', next);
  expect(contentsRead()).toBe(before);
  await hiddenIn(ADVICE, next);
  const read = contentsRead();
  expect(read).toBeGreaterThan(before);
  await hiddenIn(ADVICE, next);
  expect(contentsRead()).toBe(read);
});

test('a repository without templates has none that are known', async () => {
  expect(await hiddenIn(ADVICE, stage.repository.head)).toHaveLength(1);
});
