/** Decision records have consecutive numbers and one form: number and title, status, decision, context. */
import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../docs/adr/', import.meta.url);
const files = readdirSync(folder).sort();

test('the numbers of decision records are consecutive', () => {
  const numbers = files.map(file => Number(file.slice(0, 4)));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

describe('a decision', () => {
  test.each(files)('%s has the common form', file => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    expect(text).toMatch(
      new RegExp(
        `^# ${Number(file.slice(0, 4))}\\. \\S.*\\n\\n\\*\\*Status\\.\\*\\* (?:Accepted\\b|Superseded by \\[ADR \\d+\\]\\([^)]+\\)).*\\n\\n\\*\\*Decision\\.\\*\\* `,
      ),
    );
    expect(text).toMatch(/^\*\*Context\.\*\* /m);
  });
});
