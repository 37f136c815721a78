/** The section `contract` of the policy file: the headings of a repository's own issue forms. */
import { z } from 'zod';
import { FIELD_KEYS } from '../domain/contract-fields.ts';
import { folded, HEADING_CHARS_MAX } from '../domain/contract-headings.ts';
import { section } from './policy-section.ts';

/** Also the limit of what `signalbox init` proposes. */
export const MAPPED_HEADINGS_MAX = 50;

const heading = z.string().min(1).max(HEADING_CHARS_MAX);

export const contractSection = section({
  headings: z
    .record(heading, z.enum(FIELD_KEYS))
    .default({})
    .superRefine((headings, context) => {
      for (const { key, message } of headingProblems(headings))
        context.addIssue({ code: 'custom', path: key === undefined ? [] : [key], message });
    })
    .describe(
      `map of headings of your own issue forms to the fields that they name, at most ${MAPPED_HEADINGS_MAX}, each at most ${HEADING_CHARS_MAX} characters; compared like our own headings, which stay valid. \`signalbox init\` proposes it, see [below](#your-own-issue-forms)`,
    ),
});

interface HeadingProblem {
  readonly key?: string;
  readonly message: string;
}

function headingProblems(headings: Readonly<Record<string, string>>): readonly HeadingProblem[] {
  const entries = Object.entries(headings);
  if (entries.length > MAPPED_HEADINGS_MAX)
    return [{ message: `at most ${MAPPED_HEADINGS_MAX} headings can be mapped` }];
  const seen = new Map<string, string>();
  return entries.flatMap(([key, field]) => {
    const name = folded(key);
    if (name === '')
      return [{ key, message: 'a heading has letters or digits besides words like “required”' }];
    const other = seen.get(name) ?? field;
    seen.set(name, field);
    return other === field ? [] : [{ key, message: `the same heading is mapped to ${other} already` }];
  });
}
