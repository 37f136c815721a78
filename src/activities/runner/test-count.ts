/**
 * Counts the tests that ran, from the summaries that well-known runners print. Skipped tests did not run. The output is
 * believed: code under test can print a summary of its own.
 */

const LINE_CHARS_MAX = 500;
/** Of lines that can be part of a summary. After more, the number is unknown. */
const LINES_MAX = 500_000;
const CAN_COUNT = /\d|^ *---/;
// eslint-disable-next-line no-control-regex -- colours start with the control character
const COLOURS = /\u001b\[[0-9;]{0,20}m/g;

type Format =
  | 'TAP points'
  | 'TAP summary'
  | 'Jest'
  | 'Vitest'
  | 'Mocha'
  | 'pytest'
  | 'unittest'
  | 'Go'
  | 'Cargo'
  | 'JUnit'
  | 'JUnit console'
  | 'PHPUnit'
  | 'RSpec'
  | 'Minitest';

interface Summary {
  readonly format: Format;
  readonly line: RegExp;
  /** Each match adds its number, or 1 if it has none. */
  readonly ran: RegExp;
  readonly skipped?: RegExp;
}

const SUMMARIES: readonly Summary[] = [
  { format: 'TAP points', line: /^(?:not )?ok \d(?!.*# ?(?:skip|todo))/i, ran: /^/g },
  { format: 'TAP summary', line: /^(?:#|ℹ) {1,3}(?:pass|fail|cancelled) +\d{1,9}$/, ran: /(\d{1,9})$/g },
  { format: 'Jest', line: /^Tests: .* total$/, ran: /(\d{1,9}) (?:passed|failed)/g },
  { format: 'Vitest', line: /^ {1,8}Tests {1,8}\d/, ran: /(\d{1,9}) (?:passed|failed)/g },
  { format: 'Mocha', line: /^ {1,8}\d{1,9} (?:passing|failing)\b/, ran: /(\d{1,9}) [pf]a/g },
  {
    format: 'pytest',
    line: /^(?:=+ )?\d{1,9} (?:passed|failed|skipped|errors?|xfailed|xpassed|deselected|warnings?)\b.* in \d/,
    ran: /(\d{1,9}) (?:passed|failed|errors?|xfailed|xpassed)\b/g,
  },
  { format: 'unittest', line: /^Ran \d{1,9} tests? in /, ran: /^Ran (\d{1,9})/g },
  { format: 'unittest', line: /^(?:OK|FAILED) \([a-z]/, ran: /(?!)/g, skipped: /skipped=(\d{1,9})/g },
  { format: 'Go', line: /^ *--- (?:PASS|FAIL): /, ran: /^/g },
  { format: 'Cargo', line: /^test result: /, ran: /(\d{1,9}) (?:passed|failed);/g },
  {
    format: 'JUnit',
    // Maven ends the line of one class with its name; only the sum counts.
    line: /^(?:\[[A-Z]+\] )?Tests run: *\d{1,9}, *Failures: *\d{1,9}(?:, *Errors: *\d{1,9}(?:, *Skipped: *\d{1,9})?)?$/,
    ran: /run: *(\d{1,9})/g,
    skipped: /Skipped: *(\d{1,9})/g,
  },
  { format: 'JUnit console', line: /^\[ *\d{1,9} tests (?:successful|failed) *\]$/, ran: /(\d{1,9})/g },
  { format: 'PHPUnit', line: /^OK \(\d{1,9} tests?\b/, ran: /(\d{1,9}) test/g },
  {
    format: 'PHPUnit',
    line: /^Tests: \d{1,9}, Assertions: /,
    ran: /^Tests: (\d{1,9})/g,
    skipped: /(?:Skipped|Incomplete): (\d{1,9})/g,
  },
  {
    format: 'RSpec',
    line: /^\d{1,9} examples?, \d{1,9} failures?/,
    ran: /^(\d{1,9})/g,
    skipped: /(\d{1,9}) pending/g,
  },
  {
    format: 'Minitest',
    line: /^\d{1,9} (?:runs|tests), \d{1,9} assertions, /,
    ran: /^(\d{1,9})/g,
    skipped: /(\d{1,9}) (?:skips|omissions)/g,
  },
];

/** Takes the output line by line, so that its length does not matter. */
export class TestCounter {
  readonly #counts = new Map<Format, number>();
  #lines = 0;

  add(line: string): void {
    if (this.#lines > LINES_MAX || !CAN_COUNT.test(line.slice(0, LINE_CHARS_MAX))) return;
    this.#lines += 1;
    const text = line.slice(0, LINE_CHARS_MAX).replace(COLOURS, '').trimEnd();
    for (const { format, line: form, ran, skipped } of SUMMARIES) {
      if (!form.test(text)) continue;
      const more = sumOf(text, ran) - (skipped === undefined ? 0 : sumOf(text, skipped));
      this.#counts.set(format, (this.#counts.get(format) ?? 0) + more);
    }
  }

  /** `undefined` when the output has none of the known forms, or is too long to be sure. */
  get tests(): number | undefined {
    const counted = [...this.#counts].filter(
      ([format]) => format !== 'TAP points' || !this.#counts.has('TAP summary'),
    );
    if (counted.length === 0 || this.#lines > LINES_MAX) return undefined;
    return Math.max(
      0,
      counted.reduce((sum, [, count]) => sum + count, 0),
    );
  }
}

function sumOf(text: string, numbers: RegExp): number {
  return Array.from(text.matchAll(numbers), ([, number = '1']) => Number(number.slice(0, 9))).reduce(
    (sum, number) => sum + number,
    0,
  );
}
