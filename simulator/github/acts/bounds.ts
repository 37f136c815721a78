/** GitHub's bounds on texts, for every way to write them: the API, and acts of a person in a test. */
import { invalid } from '../http/errors.ts';

/** In characters, that is code points. */
const BOUNDS = {
  Issue: { title: 256, body: 65_536 },
  PullRequest: { title: 256, body: 65_536 },
  IssueComment: { body: 65_536 },
  PullRequestReview: { body: 65_536 },
  PullRequestReviewComment: { body: 65_536 },
  Label: { name: 50, description: 100 },
  Status: { context: 255, description: 140 },
  CheckRun: { summary: 65_535 },
  Deployment: { description: 140 },
  DeploymentStatus: { description: 140 },
  Release: { name: 255, body: 125_000 },
} as const;
const LABELS_OF_ISSUE_MAX = 100;

type Resource = keyof typeof BOUNDS;

/** Throws the 422 that names the first field that is too long. */
export function checkBounds<R extends Resource>(
  resource: R,
  texts: { readonly [field in keyof (typeof BOUNDS)[R]]?: string | null | undefined },
): void {
  const bounds: Readonly<Record<string, number>> = BOUNDS[resource];
  for (const [field, text] of Object.entries<string | null | undefined>(texts)) {
    const max = bounds[field] ?? Infinity;
    if (isLonger(text ?? '', max))
      throw invalid(resource, `${field} is too long (maximum is ${max} characters)`);
  }
}

export function checkLabelCount(count: number): void {
  if (count > LABELS_OF_ISSUE_MAX)
    throw invalid('Issue', `an issue can have at most ${LABELS_OF_ISSUE_MAX} labels`);
}

/** Counts code points only when the units could be too many. */
function isLonger(text: string, max: number): boolean {
  return text.length > max && (text.length > max * 2 || Array.from(text).length > max);
}
