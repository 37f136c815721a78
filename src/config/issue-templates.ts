/** The repository's own issue templates: hidden text that they bring with them is known and needs no question. */
import { markupTexts } from '../domain/hidden-text.ts';
import { visible } from '../domain/invisible.ts';
import { tooCostly } from '../domain/markdown.ts';
import { readYaml } from './yaml-file.ts';

export const TEMPLATES_PATH = '.github/ISSUE_TEMPLATE';
export const TEMPLATES_MAX = 20;
export const TEMPLATE_BYTES_MAX = 64 * 1024;

export interface TemplateFile {
  readonly name: string;
  readonly text: string;
}

export function isTemplateName(name: string): boolean {
  return /\.(?:md|ya?ml)$/i.test(name);
}

/** The hidden texts of all templates, as `readersView` names them. What is too long for an issue is too long for a template. */
export function knownTexts(files: readonly TemplateFile[]): ReadonlySet<string> {
  const bodies = files.flatMap(({ name, text }) =>
    name.toLowerCase().endsWith('.md') ? [withoutFrontMatter(text)] : formValues(text),
  );
  const read = bodies.map(visible).filter(body => tooCostly(body, 'the template') === undefined);
  return new Set(read.flatMap(markupTexts));
}

/** GitHub does not copy the lines between two rules at the start of a template. */
export function withoutFrontMatter(text: string): string {
  const lines = text.split(/\r\n|\n|\r/);
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  return lines.slice(end + 1).join('\n');
}

interface Question {
  /** GitHub shows `markdown` in the form only. */
  readonly type?: unknown;
  readonly attributes?: { readonly value?: unknown; readonly label?: unknown };
}

/** What a form asks, without what it only shows; `undefined` when the text is no issue form. */
export function formQuestions(text: string): readonly Question[] | undefined {
  const file = readYaml(text, TEMPLATE_BYTES_MAX);
  const form = 'value' in file ? (file.value as { readonly body?: unknown } | null) : null;
  if (!Array.isArray(form?.body)) return undefined;
  const questions = form.body as readonly (Question | null)[];
  return questions.filter(
    question => question !== null && question.type !== 'markdown',
  ) as readonly Question[];
}

/** What a form fills in before anybody writes. */
function formValues(text: string): readonly string[] {
  return (formQuestions(text) ?? []).flatMap(({ attributes }) =>
    typeof attributes?.value === 'string' ? [attributes.value] : [],
  );
}
