/** The evidence on the commit itself: as a commit status, or as a check run with an annotation for each check that failed. */
import { checkOutcome, isAsExpected } from './check-table.ts';
import { shortDigest } from './digest.ts';
import { plainLine } from './posted-text.ts';
import { evidenceText } from './pull-request-text.ts';
import type { IssueState } from './state.ts';
import type { CheckResult, Evidence } from './state/work.ts';
import type { EvidenceAnnotation, EvidenceReport } from './step.ts';

/** GitHub's bound on the description of a status. */
const TITLE_CHARS_MAX = 140;
/** GitHub's bound on annotations in one request. */
const ANNOTATIONS_MAX = 50;
const TEXT_CHARS_MAX = 500;

export function evidenceReport(state: IssueState, { concerns, digest }: Evidence): EvidenceReport {
  const { checks = [] } = state.verification ?? {};
  const failed = checks.filter(check => !isAsExpected(check));
  const counted = `${checks.length - failed.length} of ${checks.length} checks as expected`;
  const worried = concerns.length === 0 ? 'no concerns' : `${concerns.length} concerns`;
  const passed = concerns.length === 0 ? 'success' : 'neutral';
  return {
    conclusion: failed.length === 0 ? passed : 'failure',
    title: plainLine(`${counted}, ${worried}; evidence ${shortDigest(digest)}`, TITLE_CHARS_MAX),
    summary: evidenceText(state),
    annotations: failed.slice(0, ANNOTATIONS_MAX).map(annotation),
  };
}

function annotation(check: CheckResult): EvidenceAnnotation {
  return {
    title: plainLine(check.name, TEXT_CHARS_MAX),
    message: `${checkOutcome(check)}, not as expected; output ${shortDigest(check.output)}`,
  };
}
