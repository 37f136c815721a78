/** What the next attempt reads about one failed check: bounded, without secrets, and data like all words of others. */
import { CHECK_OUTPUT_CHARS_MAX } from '../../contracts/bounds.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { type Annotation, annotationsOf, endOfLog } from '../../github/check-output.ts';
import { isActions } from '../../github/check-rerun.ts';
import type { FoundCheck } from '../../github/checks.ts';
import { isFailure } from '../../github/failure.ts';
import { hideSecrets } from '../../git/secret-rules.ts';
import type { SchedulerPorts } from './ports.ts';

const SAYS_CHARS_MAX = 4_000;
const ANNOTATION_CHARS_MAX = 300;
const ANNOTATIONS_CHARS_MAX = 8_000;
const LOG_CHARS_MAX = CHECK_OUTPUT_CHARS_MAX - SAYS_CHARS_MAX - ANNOTATIONS_CHARS_MAX - 1_000;

type Ports = Pick<SchedulerPorts, 'github' | 'fetch' | 'logger'>;

export async function checkOutput(ports: Ports, issue: IssueRef, check: FoundCheck): Promise<string> {
  const parts = [
    `The check “${check.name}” ended as ${check.detail}.`,
    section('It says', beginning(hideSecrets(check.says), SAYS_CHARS_MAX)),
    section('Its annotations', await annotations(ports, issue, check)),
    section('The end of its log', await log(ports, issue, check)),
  ];
  return parts.filter(part => part !== '').join('\n\n');
}

function section(title: string, text: string): string {
  return text.trim() === '' ? '' : `${title}:\n${text}`;
}

async function annotations({ github }: Ports, { owner, repo }: IssueRef, check: FoundCheck): Promise<string> {
  if (check.source === 'status' || check.annotations === 0) return '';
  const found = await orNone(annotationsOf(github, { owner, repo, id: check.id }), []);
  return beginning(hideSecrets(found.map(annotationLine).join('\n')), ANNOTATIONS_CHARS_MAX);
}

function annotationLine({ path, line, level, message }: Annotation): string {
  return `${path}:${line}: ${level}: ${beginning(message, ANNOTATION_CHARS_MAX)}`;
}

/** Secrets are hidden in all that was read, so that none is cut in two before it is found. */
async function log(ports: Ports, { owner, repo }: IssueRef, check: FoundCheck): Promise<string> {
  if (!isActions(check.app)) return '';
  const read = endOfLog(ports.github, ports.fetch, { owner, repo, id: check.id });
  const end = await read.catch((error: unknown) => {
    ports.logger.warn({ error, check: check.name }, 'the log of a failed check was not read');
    return undefined;
  });
  return hideSecrets(end ?? '').slice(-LOG_CHARS_MAX);
}

/** Without a permission, the rest of the output still helps. */
async function orNone<T>(reading: Promise<T>, none: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isFailure(error, 'forbidden', 'not-found', 'gone')) return none;
    throw error;
  }
}

function beginning(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`;
}
