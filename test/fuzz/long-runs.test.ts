/** No parser of outside text can be kept busy by a long run of one character or of a short piece. */
import { describe, expect, test } from '@jest/globals';
import { PARSERS } from './parsers.ts';
import { PIECES } from './texts.ts';
import { workProblem } from './work.ts';

/** Runs of one piece, and of a piece on each line. */
const RUNS = [
  ...PIECES,
  ...['#', '-', '>', '|', '`', '<a', '- x', '# a', '**a**'].map(piece => `${piece}\n`),
];

describe('a long run of any piece takes time in proportion to its length', () => {
  test.each(Object.entries(PARSERS))('in %s', (_name, read) => {
    const problems = RUNS.flatMap(piece => {
      const problem = workProblem(read, piece);
      return problem === undefined ? [] : [`${JSON.stringify(piece)}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  test('and so does a run between two others', () => {
    const around = ['# a', '[a]: ', 'eyJ', '](', '<a ', 'a@'];
    const problems = Object.entries(PARSERS).flatMap(([name, read]) =>
      around.flatMap(start => {
        const problem = workProblem(text => read(`${start}${text}b`), ' ') ?? workProblem(read, `${start}-`);
        return problem === undefined ? [] : [`${name}, ${start}: ${problem}`];
      }),
    );
    expect(problems).toEqual([]);
  });
});

describe('the bound', () => {
  test('is broken by a pattern that starts again at each character', () => {
    const pathsOnceEndedWith = /[.\-/]+$/;
    // The whole text would take half a minute.
    const read = (text: string): string => `${text.slice(0, 30_000)}a`.replace(pathsOnceEndedWith, '');
    expect(workProblem(read, '.')).toMatch(/^\d+ ms for 65536 characters/);
  });

  test('is kept by one pass over the text', () => {
    expect(workProblem(text => text.split(' ').join('').trim(), ' a')).toBeUndefined();
  });
});
