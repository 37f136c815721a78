/** The headings that issues get from a repository's own templates, and the fields that they probably name. */
import type { FieldKey } from '../domain/contract-fields.ts';
import {
  fieldOf,
  folded,
  HEADING_CHARS_MAX,
  type HeadingMap,
  namesWith,
} from '../domain/contract-headings.ts';
import { fieldSuggestedBy } from '../domain/heading-words.ts';
import { headingsIn } from '../domain/headings.ts';
import { visible } from '../domain/invisible.ts';
import { blocksOf, linesOf, tooCostly } from '../domain/markdown.ts';
import { formQuestions, type TemplateFile, withoutFrontMatter } from './issue-templates.ts';
import { MAPPED_HEADINGS_MAX } from './policy-contract.ts';

export interface ProposedHeading {
  readonly heading: string;
  readonly field: FieldKey;
  /** The template's name. */
  readonly from: string;
}

/** Only headings that name no field yet, neither by our names nor by those that the policy has. */
export function proposedHeadings(
  files: readonly TemplateFile[],
  mapped: HeadingMap = {},
): readonly ProposedHeading[] {
  const names = namesWith(mapped);
  const seen = new Set<string>();
  const proposed = files.flatMap(file =>
    headingsOf(file).flatMap(heading => {
      const name = folded(heading);
      const field = fieldSuggestedBy(heading);
      if (field === undefined || fieldOf(heading, names) !== undefined || seen.has(name)) return [];
      seen.add(name);
      return [{ heading, field: field.key, from: file.name }];
    }),
  );
  return proposed.slice(0, Math.max(0, MAPPED_HEADINGS_MAX - Object.keys(mapped).length));
}

/** GitHub writes the label of each answered question as a heading. */
function headingsOf({ name, text }: TemplateFile): readonly string[] {
  const found = name.toLowerCase().endsWith('.md')
    ? markdownHeadings(withoutFrontMatter(text))
    : labelsOf(text);
  return found
    .map(heading => heading.replace(/\s+/g, ' ').trim())
    .filter(heading => heading.length <= HEADING_CHARS_MAX);
}

function labelsOf(form: string): readonly string[] {
  return (formQuestions(form) ?? []).flatMap(({ attributes }) =>
    typeof attributes?.label === 'string' ? [visible(attributes.label)] : [],
  );
}

function markdownHeadings(text: string): readonly string[] {
  const body = visible(text);
  if (tooCostly(body, 'the template') !== undefined) return [];
  const lines = linesOf(body);
  return blocksOf(body)
    .flatMap(block => headingsIn(block, lines))
    .map(({ title }) => title);
}
