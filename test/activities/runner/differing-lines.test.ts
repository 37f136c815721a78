/** The lines of a configuration file that differ, as a reviewer reads them: few, and those that matter first. */
import { expect, test } from '@jest/globals';
import { differenceText } from '../../../src/activities/runner/differing-lines.ts';
import { fakeToken } from '../../git/corpus.ts';

const before = `{
  "name": "app",
  "scripts": {
    "test": "node --test"
  }
}
`;

test('an edited line is shown as removed and added', () => {
  expect(differenceText(before, before.replace('node --test', 'true'))).toBe(
    'added “"test": "true"”; removed “"test": "node --test"”',
  );
});

test('a new hook is shown', () => {
  const after = before.replace('"scripts": {', '"scripts": {\n    "postinstall": "node x.js",');
  expect(differenceText(before, after)).toBe('added “"postinstall": "node x.js",”');
});

test('a line that names a new host comes first, and the host is named, however much else differs', () => {
  const entries = Array.from(
    { length: 500 },
    (_, index) => `"node_modules/a${index}": { "version": "1.0.0" },`,
  );
  const resolved = '"resolved": "https://registry.npmjs.org/a.tgz",';
  const after = [resolved, ...entries, resolved.replace('registry.npmjs.org', 'evil.example')].join('\n');
  const text = differenceText(resolved, after);
  expect(text).toMatch(/^new hosts: evil\.example; added “"resolved": "https:\/\/evil\.example\/a\.tgz",”; /);
  expect(text).toMatch(/; 495 more lines$/);
  expect(text.length).toBeLessThan(1_200);
});

test.each([
  ['https://user@evil.example:8080/x', 'evil.example'],
  ['git+ssh://git@evil.example/x.git', 'evil.example'],
  ['git@evil.example:x/y.git', 'evil.example'],
])('%s names a host', (address, host) => {
  expect(differenceText('', address)).toContain(`new hosts: ${host};`);
});

test('many new hosts are counted, and cost no more than one pass', () => {
  const after = Array.from({ length: 100_000 }, (_, index) => `"https://h${index}.example/a.tgz"`).join('\n');
  const text = differenceText('', after);
  expect(text).toMatch(/^new hosts: h0\.example, .* and 99995 more; added /);
  expect(text.length).toBeLessThan(1_200);
});

test('a file without line breaks is compared in parts, and long parts are cut', () => {
  const long = `{"a":"${'x'.repeat(300)}","scripts":{"test":"node --test"},"b":"${'y'.repeat(300)}"}`;
  const text = differenceText(long, long.replace('node --test', 'true'));
  expect(text).toBe('added “"test":"true"}”; removed “"test":"node --test"}”');
  expect(differenceText('', 'z'.repeat(5_000)).length).toBeLessThan(200);
});

test('lines in another order are not hidden, and a secret of the base is not repeated', () => {
  expect(differenceText('a\nb\n', 'b\na\n')).toBe('only blanks, brackets or the order of lines');
  const text = differenceText(`token=${fakeToken}`, '');
  expect(text).toBe('removed “token=[secret]”');
});
