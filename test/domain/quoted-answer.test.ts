/** Replies that quote a question of the agent. */
import { describe, expect, test } from '@jest/globals';
import { quotedAnswer, questionsOpen } from '../../src/domain/quoted-answer.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const QUESTIONS = [
  'The currency is not clear',
  'Which currency do the totals have: EUR, or that of the shop?',
];
const answers = (comment: string): readonly unknown[] =>
  quotedAnswer(comment, QUESTIONS).map(({ request }) => request);

describe('a reply', () => {
  test.each([
    ['as GitHub quotes', `> it asks: ${QUESTIONS[1]}\n\nThat of the shop.`, 'That of the shop.'],
    ['to a part of the question', '> or that of the shop?\n\nYes,\nplease.', 'Yes, please.'],
    ['to the summary', '> - why: agent asks: **The currency** is not clear\n\nEUR', 'EUR'],
    ['above the quote, as in a mail', `EUR everywhere.\n\n> ${QUESTIONS[1]}`, 'EUR everywhere.'],
    ['with code', `> ${QUESTIONS[1]}\n\nLike so:\n\`\`\`\n1 EUR\n\`\`\``, 'Like so: ``` 1 EUR ```'],
  ])('%s is the answer', (_how, comment, reason) => {
    expect(answers(comment)).toEqual([{ kind: 'answer', reason }]);
  });

  test.each([
    ['to something else', '> The totals are wrong\n\nIndeed.'],
    ['to a short piece of a question', '> currency\n\nIndeed.'],
    ['without words', `> ${QUESTIONS[1]}\n\n<!--\nEUR\n-->`],
    ['without a letter in the quote', '> ???\n\nEUR'],
    ['without a quote', `${QUESTIONS[1]} I ask myself too.`],
    ['in the quote itself', `> ${QUESTIONS[1]}\nEUR`],
  ])('%s is none', (_how, comment) => {
    expect(answers(comment)).toEqual([]);
  });

  test('that is too long is unclear', () => {
    const [said] = quotedAnswer(`> ${QUESTIONS[1]}\n\n${'x'.repeat(3_000)}`, QUESTIONS);
    expect(said?.unclear).toMatch(/^the reason has 3000 characters/);
  });
});

test('what is asked is the summary and the questions of a run that needs a person', () => {
  expect(questionsOpen(new Scene(AUTO).flow().world.state)).toEqual([]);
  const { state } = new Scene({ ...AUTO, run: { ending: 'needs-human' } }).flow().world;
  const questions = ['Which currency?'];
  const runs = state.runs.map(run => ({ ...run, end: run.end && { ...run.end, questions } }));
  expect(questionsOpen({ ...state, runs } as IssueState)).toEqual(['did needs-human', 'Which currency?']);
});
