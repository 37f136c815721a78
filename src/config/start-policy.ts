/** The policy that a repository starts with: `signalbox init` writes it, and docs/policy.md shows it. */
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { plainLine } from '../domain/posted-text.ts';
import type { ProposedHeading } from './template-headings.ts';

/** `headings`: of the repository's own issue templates. */
export function startPolicyText(headings: readonly ProposedHeading[] = []): string {
  const text = readFileSync(new URL('start-policy.yml', import.meta.url), 'utf8');
  return headings.length === 0 ? text : `${text}\n${headingLines(headings).join('\n')}\n`;
}

const FILE_CHARS_MAX = 100;

/** The section `contract`, to be reviewed by a person. */
export function headingLines(headings: readonly ProposedHeading[]): readonly string[] {
  return [
    'contract:',
    '  # A proposal, from the words of your issue templates: check each line, and delete what is wrong.',
    '  headings:',
    ...headings.map(({ heading, field, from }) => {
      const entry = stringify({ [heading]: field }, { lineWidth: 0 }).trimEnd();
      return `    ${entry} # ${plainLine(from, FILE_CHARS_MAX)}`;
    }),
  ];
}
