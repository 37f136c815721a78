/** Every link between the documents points to an existing file and heading; so does every path in the instructions. */
import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { marked, type Token, type Tokens } from 'marked';

const root = path.join(import.meta.dirname, '../..');
const folders = ['.', 'docs', 'docs/adr', '.github', 'simulator/github', 'test/replay'];
const pages = folders.flatMap(folder =>
  readdirSync(path.join(root, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => path.join(folder, name)),
);

test.each(pages)('%s leads only to what exists', page => {
  expect(linksOf(page).filter(href => !leadsSomewhere(page, href))).toEqual([]);
});

test.each(['CONTRIBUTING.md', 'docs/security.md'])('%s names only files that exist', page => {
  const named = readFileSync(path.join(root, page), 'utf8').matchAll(
    /`((?:src|test|simulator|demo|scripts|docs)\/[\w./-]*)`/g,
  );
  const paths = [...named].map(([, found = '']) => found);
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter(name => !existsSync(path.join(root, name)))).toEqual([]);
});

/** Links within the repository. */
function linksOf(page: string): readonly string[] {
  const links: string[] = [];
  void marked.walkTokens(marked.lexer(readFileSync(path.join(root, page), 'utf8')), (token: Token) => {
    if (token.type === 'link' || token.type === 'image') links.push((token as Tokens.Link).href);
  });
  return links.filter(href => !/^[a-z]+:/.test(href));
}

function leadsSomewhere(page: string, href: string): boolean {
  const [file = '', anchor] = href.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), decodeURIComponent(file));
  if (!existsSync(path.join(root, target))) return false;
  if (anchor === undefined) return true;
  return statSync(path.join(root, target)).isFile() && anchorsOf(target).includes(anchor);
}

/** Anchors as GitHub makes them: lower case, no punctuation, hyphens for spaces, a number for repeated headings. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return marked
    .lexer(readFileSync(path.join(root, page), 'utf8'))
    .filter((token): token is Tokens.Heading => token.type === 'heading')
    .map(({ text }) => {
      const anchor = text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    });
}
