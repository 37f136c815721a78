/**
 * Bounds that a writer and a reader share. A writer counts characters (UTF-16 units), a reader counts bytes. Each bound of
 * a reader is derived from that of its writer, for the worst text: test/contracts/bounds.test.ts writes and reads it.
 */
import { SUGGESTION_CHARS_MAX } from '../domain/suggestion.ts';

/** In UTF-8 a unit takes at most three bytes: a character outside the basic plane takes four for two units. */
export function utf8Bytes(chars: number): number {
  return 3 * chars;
}

/** In JSON a control character or half a pair takes six bytes (`\u0000`), everything else at most three. */
export function jsonBytes(chars: number): number {
  return 6 * chars;
}

/** Names and punctuation of an object in JSON that has only a few members. */
const MEMBERS_BYTES = 1_024;

/** The text of an issue after `visible`, which writes a hidden character out in up to ten units, as `⟦U+10FFFD⟧`. */
const SHOWN_UNITS = 10;
export const ISSUE_TITLE_CHARS_MAX = 256 * SHOWN_UNITS;
export const ISSUE_BODY_CHARS_MAX = 65_536 * SHOWN_UNITS;
/** Every item of a list in the body is on a line of its own. */
export const ISSUE_LINES_MAX = 65_536;
export const SNAPSHOT_BYTES_MAX = jsonBytes(ISSUE_TITLE_CHARS_MAX + ISSUE_BODY_CHARS_MAX) + MEMBERS_BYTES;

/** Of the path of a comment on lines; git's own have at most 4,096 bytes. */
const REVIEW_PATH_CHARS_MAX = 4_096;
/** Of a review's text. */
export const REVIEW_CHARS_MAX = 65_536 * 2;
export const REVIEW_BYTES_MAX = utf8Bytes(REVIEW_CHARS_MAX);

/** What one failed check of CI says: summary, annotations and the end of its log. */
export const CHECK_OUTPUT_CHARS_MAX = 32_000;
export const CHECK_OUTPUT_BYTES_MAX = utf8Bytes(CHECK_OUTPUT_CHARS_MAX);

/**
 * Commands that one look takes from comments of an issue, and as many from its pull request; the next look takes the rest.
 * With its reason of 2,000 characters, each fits into 13 kilobytes. Temporal takes results of two megabytes.
 */
export const LOOK_COMMANDS_MAX = 60;

/** Comments on lines that are taken of one review, and the characters of each part of them. */
export const LINE_COMMENTS_MAX = 50;
export const LINE_COMMENT_CHARS_MAX = 8_000;
export const DIFF_HUNK_CHARS_MAX = 2_000;
export const REVIEW_LINES_BYTES_MAX =
  LINE_COMMENTS_MAX *
    (jsonBytes(LINE_COMMENT_CHARS_MAX + DIFF_HUNK_CHARS_MAX + REVIEW_PATH_CHARS_MAX) + MEMBERS_BYTES) +
  MEMBERS_BYTES;
/** Suggestions of one review; each is as long as its comment at most. */
export const SUGGESTIONS_BYTES_MAX =
  LINE_COMMENTS_MAX * (jsonBytes(SUGGESTION_CHARS_MAX + REVIEW_PATH_CHARS_MAX) + MEMBERS_BYTES) +
  MEMBERS_BYTES;
/** Reviews with comments on lines that one look takes; the next look takes the rest. */
export const LOOK_REVIEWS_MAX = 30;

/** The policy file, and how often its aliases may repeat a part of it. */
export const POLICY_CHARS_MAX = 50_000;
export const YAML_ALIASES_MAX = 10;
export const POLICY_FILE_BYTES_MAX = utf8Bytes(POLICY_CHARS_MAX);
/** With the defaults of all fields. */
export const POLICY_BYTES_MAX = jsonBytes(POLICY_CHARS_MAX * (1 + YAML_ALIASES_MAX)) + 64 * 1024;
/** One command of the policy. */
export const POLICY_COMMAND_CHARS_MAX = 2_000;

/** Lines of the `.gitattributes` of the base that the prompt names. */
export const FILTERED_FILES_MAX = 20;

/** Files of the base that the policy adds to the prompt. */
export const INSTRUCTION_BYTES_MAX = 64 * 1024;
/** Paths that the agent's task names. */
export const TASK_PATH_CHARS_MAX = 500;

/** The commands that a run's own events claim. */
export const WORKER_COMMANDS_MAX = 200;
export const WORKER_COMMAND_CHARS_MAX = 1_000;
export const WORKER_COMMANDS_BYTES_MAX =
  WORKER_COMMANDS_MAX * (jsonBytes(WORKER_COMMAND_CHARS_MAX) + MEMBERS_BYTES);

/** A report as the agent prints it; a larger one is not read. */
export const REPORT_BYTES_MAX = 256 * 1024;
/** As stored. Only numbers become longer there: `9e15` has sixteen digits. */
export const STORED_REPORT_BYTES_MAX = 2 * REPORT_BYTES_MAX;

export const TRANSCRIPT_CHARS_MAX = 16 * 1024 * 1024;
export const TRANSCRIPT_LINE_CHARS_MAX = 64 * 1024;
/** The last line is kept besides, with a note between. */
export const TRANSCRIPT_BYTES_MAX =
  utf8Bytes(TRANSCRIPT_CHARS_MAX + TRANSCRIPT_LINE_CHARS_MAX) + MEMBERS_BYTES;

/** The names of the changed files of one change: part of the workflow's state, whose messages have two megabytes. */
export const CHANGED_FILES_BYTES_MAX = 512 * 1024;

/** Bytes of git's diff; a byte that is not UTF-8 becomes a character of three. */
export const DIFF_BYTES_MAX = 512 * 1024;

/** Readers that show people any artifact as text: as long as the longest one. */
export const SHOWN_ARTIFACT_BYTES_MAX = 64 * 1024 * 1024;
