/** The GitHub issue form: one question per field of the contract, so that a completed form is a complete contract. */
import { stringify } from 'yaml';
import { formQuestions } from '../../../config/issue-templates.ts';
import { CONTRACT_FIELDS, type Field } from '../../../domain/contract-fields.ts';

export const ISSUE_FORM_PATH = '.github/ISSUE_TEMPLATE/signalbox.yml';

export function issueFormText(): string {
  const form = {
    name: 'Work for a coding agent',
    description: 'A bounded task that an agent may work on once a maintainer opts it in',
    body: [INTRODUCTION, ...CONTRACT_FIELDS.map(question)],
  };
  return `${COMMENT}\n${stringify(form, { lineWidth: 0 })}`;
}

/** Titles of required fields that a form does not ask for; `undefined` when the text is not an issue form. */
export function notAskedBy(formText: string): readonly string[] | undefined {
  const labels = labelsOf(formText);
  return (
    labels &&
    CONTRACT_FIELDS.filter(({ required, title }) => required && !labels.has(title)).map(field => field.title)
  );
}

const COMMENT = `# Created by \`signalbox init\`. Signalbox reads the labels as headings: change the other texts as you like, but not the labels.`;

const INTRODUCTION = {
  type: 'markdown',
  attributes: {
    value:
      'Signalbox does nothing until a maintainer adds the opt-in label to this issue. It asks for missing fields and never guesses them.',
  },
};

function question({ key, title, help, required, options }: Field): object {
  const id = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  const attributes = { label: title, description: help };
  const validations = { required };
  if (options === undefined) return { type: 'textarea', id, attributes, validations };
  return { type: 'dropdown', id, attributes: { ...attributes, options: [...options] }, validations };
}

function labelsOf(formText: string): ReadonlySet<unknown> | undefined {
  const questions = formQuestions(formText);
  return questions && new Set(questions.map(({ attributes }) => attributes?.label));
}
