/** A completed issue form is a complete contract, and each answer is read back from its field. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { issueFormText, notAskedBy } from '../../../src/client/cli/init/issue-form.ts';
import { parseContract } from '../../../src/domain/contract.ts';
import { CONTRACT_FIELDS } from '../../../src/domain/contract-fields.ts';

interface Question {
  readonly type: string;
  readonly id?: string;
  readonly attributes: {
    readonly label?: string;
    readonly description?: string;
    readonly options?: readonly string[];
    readonly value?: string;
  };
  readonly validations?: { readonly required: boolean };
}

const form = parse(issueFormText()) as {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Question[];
};
const questions = form.body.filter(({ type }) => type !== 'markdown');

/** As GitHub writes the issue: each question's label as a heading, its answer below; markdown is left out. */
function issueBody(answerTo: (question: Question) => string): string {
  return questions
    .map(question => `### ${question.attributes.label ?? ''}\n\n${answerTo(question) || '_No response_'}`)
    .join('\n\n');
}

const answerAll = ({ attributes: { label, options } }: Question): string =>
  options?.[1] ?? `- one for ${label ?? ''}\n- another`;

describe('the issue form', () => {
  test('asks for every field of the contract in order, and requires the same fields', () => {
    expect(questions.map(({ attributes }) => attributes.label)).toEqual(
      CONTRACT_FIELDS.map(({ title }) => title),
    );
    expect(questions.map(({ validations }) => validations?.required)).toEqual(
      CONTRACT_FIELDS.map(({ required }) => required),
    );
    expect(notAskedBy(issueFormText())).toEqual([]);
  });

  test('is a form that GitHub accepts: types, unique ids, texts, options', () => {
    const ids = questions.map(({ id }) => id ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9_-]+$/);
    expect(form.name.length).toBeGreaterThan(3);
    expect(form.description.length).toBeLessThanOrEqual(200);
    for (const { type, attributes } of questions) {
      expect(type).toBe(attributes.options === undefined ? 'textarea' : 'dropdown');
      expect(attributes.description).toMatch(/\.$/);
      expect(new Set(attributes.options).size).toBe(attributes.options?.length ?? 0);
    }
  });

  test('becomes a complete contract when it is completed, with every answer in its field', () => {
    const { contract, missing, unclear } = parseContract(issueBody(answerAll));
    expect({ missing, unclear }).toEqual({ missing: [], unclear: [] });
    expect(contract).toEqual({
      problem: '- one for Problem and scenario\n- another',
      expected: '- one for Expected\n- another',
      evidence: '- one for Current evidence\n- another',
      acceptanceCriteria: ['one for Acceptance criteria', 'another'],
      nonGoals: '- one for Non-goals\n- another',
      risks: '- one for Risks\n- another',
      sourceOfTruth: '- one for Source of truth\n- another',
      stopConditions: ['one for Stop conditions', 'another'],
      mode: 'guarded',
      declaredRisk: 'medium',
    });
  });

  const options = questions.flatMap(question =>
    (question.attributes.options ?? []).map(option => [question.attributes.label ?? '', option] as const),
  );
  test.each(options)('yields the choice %s: %s', (label, option) => {
    const answered = issueBody(question =>
      question.attributes.label === label ? option : answerAll(question),
    );
    const { contract, unclear } = parseContract(answered);
    expect(unclear).toEqual([]);
    expect([contract.mode, contract.declaredRisk]).toContain(option);
  });

  test('becomes a complete contract without the optional answers', () => {
    const reading = parseContract(
      issueBody(question => (question.validations?.required === true ? answerAll(question) : '')),
    );
    expect(reading).toMatchObject({ missing: [], unclear: [] });
    expect(reading.contract).not.toHaveProperty('mode');
  });

  test.each(CONTRACT_FIELDS.filter(({ required }) => required).map(({ title }) => title))(
    'misses only “%s” when that field is left empty',
    title => {
      const body = issueBody(question => (question.attributes.label === title ? '' : answerAll(question)));
      expect(parseContract(body).missing).toEqual([title]);
    },
  );

  test('is in the repository as it is generated, and in the package', () => {
    const root = join(import.meta.dirname, '../../..');
    const path = '.github/ISSUE_TEMPLATE/signalbox.yml';
    expect(readFileSync(join(root, path), 'utf8')).toBe(issueFormText());
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly files: readonly string[];
    };
    expect(files).toContain(path);
  });

  test.each(['', 'body: 3', '- a', '{'])('is not recognized in the text %j', text => {
    expect(notAskedBy(text)).toBeUndefined();
  });
});
