/** What readers see of an issue, case by case: the text, what of it is shown, and each hidden part. */
import { readersView } from '../../../../src/domain/hidden-text.ts';
import { must } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

type Case = readonly [body: string, shown: string, ...hidden: readonly string[]];

function seen(what: string, cases: readonly Case[]): Probe {
  return check(`${what}: what readers see`, () => {
    for (const [body, shown, ...hidden] of cases) {
      const [told, due] = [readersView(body), { shown, hidden }].map(view => JSON.stringify(view));
      must('8 same text', told === due, `${told ?? ''}, not ${due ?? ''}`);
    }
  });
}

export const HIDDEN_PROBES: readonly Probe[] = [
  seen('comments and raw HTML', [
    ['a <!-- b -->\n`<!-- c -->`\n```\n<!-- d -->\n```', 'a \n`<!-- c -->`\n```\n<!-- d -->\n```', 'b'],
    ['<!-- a\nb\n```\n--> c\n```\n<!-- d -->\n```', ' c\n```\n<!-- d -->\n```', 'a b ```'],
    ['> <!--\n### Mode\nauto-run\n-->', '\n### \n', 'Mode auto-run -->'],
    ['> <!-- a\n\nb\n\n<i>-->c</i> d', '\n\n\n\n', 'a b <i>-->c</i> d'],
    ['a <!-- b <?c d?> e', 'a <!-- b  e', 'c d'],
    ['<!-->a <!--->b', 'a b'],
    ['<?x y?>a<![CDATA[c d]]>', 'a', 'x y', 'c d'],
    ['<!DOCTYPE z>', '', 'DOCTYPE z'],
    ['</p a b> </b> </zz>', ' </b>', 'p a b', 'zz'],
    ['a < b <c d=1 e="f" g=\'h\' i>j</c>k', 'a < b k', 'c d=1 e="f" g=\'h\' i j'],
    ['<div title="\n\na\n\n">b', '\n\n\n\n', '<div title=" a ">b'],
    ['<b title="a>b', '<b title="a>b'],
    ['<title>a</TITLE>b', 'b', 'title a'],
    ['<script>\na\n</script>\nb', '\nb', 'script a'],
    ['a <video>b\n\nc</video> d', 'a \n\n d', 'video b c'],
    ['Array<string> of\n\nb', 'Array\n\nb', 'string of'],
    ['<foo><b>a</foo>b</b> c', 'b</b> c', 'foo a'],
    ['<rp>a</rp><rt>b</rt>', '<rt>b</rt>', 'rp a'],
    [
      '<details><summary>a</summary>\n\nb <b>c</b>\n\n</details>\nd',
      '<details><summary>a</summary>\n\nb <b>c</b>\n\n</details>\nd',
      'shown only after a click: b c',
    ],
    ['<details open>\n\na\n\n</details>', '<details open>\n\na\n\n</details>'],
    ['<details>\n\n</details>', '<details>\n\n</details>'],
    ['<p align="center">a<br><hr></p>', '<p align="center">a<br><hr></p>'],
    ['<h2 id="e">a</h2>', '<h2 id="e">a</h2>'],
    [
      '<picture><source media="(prefers-color-scheme: dark)" srcset="https://a/b.png"><img src="x.png" alt="image"></picture>',
      '<picture><source media="(prefers-color-scheme: dark)" srcset="https://a/b.png"><img src="x.png" alt="image"></picture>',
    ],
    ['<img width="600" alt="a b" src="https://x/y.png">', '', 'a b'],
    ['<input type="checkbox" checked disabled="x y">', '', 'disabled="x y"'],
    ['<td colspan="this is no number">a</td>', 'a</td>', 'colspan="this is no number"'],
    ['<a hidden href="x/y">a</a>', 'a</a>', 'hidden'],
    ['a <b>c\n\nd</b>', 'a <b>c\n\nd</b>'],
    ['<b><b><b>a</i>', '<b><b><b>a</i>'],
  ]),
  seen('links and pictures', [
    [
      '![image](https://x/y.png) ![Screenshot 2026-05-01 at 10.00.00](https://x/z) ![a b](https://x/w)',
      '![image](https://x/y.png) ![Screenshot 2026-05-01 at 10.00.00](https://x/z) ![](https://x/w)',
      'a b',
    ],
    [
      '[docs][d]\n\n[d]: https://example.com/docs "Docs"',
      '[docs][d]\n\n[d]: https://example.com/docs "Docs"',
    ],
    ['[a]: https://x/y "b c"', '', '[a]: https://x/y "b c"'],
    ['[//]: # (a b)\n[//]: <> (c)', '', '(a b)', '(c)'],
    ['[see][all of it]\n\n[all of it]: https://a.b/c', '[see]\n\n[all of it]: https://a.b/c', 'all of it'],
    ['[a]: https://x/1\n[a]: https://x/2\n\n[a]', '[a]: https://x/1\n\n[a]', '[a]: https://x/2'],
    ['[a](https://x/y "b") [c](https://x/y "C")', '[a] [c](https://x/y "C")', 'b'],
    [
      '[](https://x/y) [![image](https://x/z.png)](https://x/y)',
      '[] [![image](https://x/z.png)](https://x/y)',
      'https://x/y',
    ],
    [
      '[a](javascript:b) <https://x/y> [c](<this is a sentence>)',
      '[a] <https://x/y> [c]',
      'javascript:b',
      'this is a sentence',
    ],
    [
      '[a](https://x/y?one+two+three+four+five+six+seven+eight+nine)',
      '[a]',
      'https://x/y?one+two+three+four+five+six+seven+eight+nine',
    ],
    ['![a][b c]\n\n[b c]: https://x/y', '\n\n[b c]: https://x/y', 'a', 'b c'],
    ['![image](https://x/y.png "a b")', '', 'a b'],
    ['[a](b/c)', '[a](b/c)'],
    ['[%](%zz/%)', '[%](%zz/%)'],
  ]),
  seen('what is drawn', [
    ['```mermaid\nsequenceDiagram\nparticipant Ann\nAnn->>Ben: hi all\n%% a b\nend\n```', '', '%% a b'],
    [
      '```mermaid\ngraph TD\n  A[Start] -->|yes| B{Is it?}\n  subgraph one two\n  B --> Done\n  end\n```',
      '```mermaid\ngraph TD\n  A[Start] -->|yes| B{Is it?}\n  subgraph one two\n  B --> Done\n  end\n```',
    ],
    [
      '```mermaid\n%% a b\nsequenceDiagram\nparticipant Ann\nAnn->>Ben: hi all\nend\n```',
      '',
      '%% a b sequenceDiagram participant Ann Ann->>Ben: hi all end',
    ],
    ['```mermaid\nother[x] --> y\nclick A "u"\nA["x; y"]\n```', '', 'other[x] --> y click A "u" A["x; y"]'],
    ['```geojson\n{"type":"Point","coordinates":[1.5,-2e3],"a":"b c"}\n```', '', 'a b c'],
    ['```stl\nsolid a\nfacet normal 0 0 1\nendsolid\n```', '', 'a'],
    [
      '```math\n\\frac{a}{b}\n```\n\n```math\n\\phantom{a}\n```\n\n```math\na % b\n```',
      '```math\n\\frac{a}{b}\n```\n\n',
      '\\phantom{a}',
      'a % b',
    ],
    ['$x \\phantom{a}$ `$x \\phantom{b}$` \\$5', ' `$x \\phantom{b}$` \\$5', 'x \\phantom{a}'],
    [
      'a$x \\phantom{c}$ and $5 or $6, $ 7\\a$ 10% of $x$y',
      'a$x \\phantom{c}$ and  10% of $x$y',
      '5 or $6, $ 7\\a',
    ],
    ['$$\nx \\color{a}{b}\n$$ c $$d', ' c $$d', 'x \\color{a}{b}'],
    ['```ts title="a.ts"\nb\n```', '```ts title="a.ts"\nb\n```'],
    ['~~~text one two three\nb\n~~~', '~~~\nb\n~~~', 'text one two three'],
    [
      '```\na                                                                                                                        b\n```',
      '```\na                                                                                                                        b\n```',
      'b',
    ],
  ]),
  seen('places', [
    ['[^1]: a\n    b\n\n    c\n\nd', '\n\n\nd', 'a b', 'c'],
    ['a[^1]\n\n[^1]: b\n[^2]: c', 'a[^1]\n\n[^1]: b\n', 'c'],
    ['a[^1]\n\n[^1]: b\n\n[^1]: c', 'a[^1]\n\n\n\n', 'b', 'c'],
    ['| a | b |\n|---|---|\n| x <!-- h --> \\| q | y |', '| a | b |\n|---|---|\n| x  \\| q | y |', 'h'],
    ['## a <!-- b -->\n- c <!-- d\ne --> f\n\n1. g', '## a \n- c  f\n\n1. g', 'b', 'd e'],
    ['a\n===\n<!-- b -->', 'a\n===\n', 'b'],
    [
      '>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> a',
      '',
      'a',
    ],
    ['a &#x202E;b', 'a &#x202E;b', '1 invisible character'],
    ['- a\n  - b\n\n> c\n\n    d\n\n---\n', '- a\n  - b\n\n> c\n\n    d\n\n---\n'],
    [
      'a⟦U+200B⟧b⟦U+200B⟧ ⟦U+E0061⟧⟦U+E0020⟧⟦U+E0062⟧',
      'a⟦U+200B⟧b⟦U+200B⟧ ⟦U+E0061⟧⟦U+E0020⟧⟦U+E0062⟧',
      'a b',
      '2 invisible characters',
    ],
    ['a⟦U+202E⟧', 'a⟦U+202E⟧', '1 invisible character'],
    ['⟦U+E0020⟧⟦U+E000⟧', '⟦U+E0020⟧⟦U+E000⟧', '1 invisible character'],
    ['\r\na\rb', '\na\nb'],
  ]),
  seen('formulas in code, and references that are no text', [
    ['a $`\\phantom{x}`$ b', 'a  b', '\\phantom{x}'],
    ['a $`x`$ b', 'a $`x`$ b'],
    ...['a `\\phantom{x}` b', 'a `\\phantom{x}`$ b', 'a $`\\phantom{x}` b'].map((body): Case => [body, body]),
    ['a `[^1]` b\n\n[^1]: c', 'a `[^1]` b\n\n', 'c'],
    ['a https://x.y/[^1] b\n\n[^1]: c', 'a https://x.y/[^1] b\n\n', 'c'],
    ['a ![x](y[^1]) b\n\n[^1]: c', 'a ![](y[^1]) b\n\n', 'x', 'c'],
    ['a <b title="[^1]">z</b>\n\n[^1]: c', 'a z</b>\n\n', '[^1]', 'c'],
    ['a [x [^1]](y) b\n\n[^1]: c', 'a [x [^1]](y) b\n\n[^1]: c'],
  ]),
  seen('cells, labels and distance', [
    ['a ` $x \\phantom{b}$ ` c', 'a ` $x \\phantom{b}$ ` c'],
    ['| a |\n|---|\n| b | c d | e |\n| `x|y` |', '| a |\n|---|\n| b |\n| `x |', 'c d', 'e', 'y`'],
    ['> | a | b |\n> |---|---|\n> | c | d |\n', '> | a | b |\n> |---|---|\n> | c | d |\n'],
    ['- | a |\n  |---|\n  | b | c |', '- | a |\n  |---|\n| b |', 'c'],
    [
      'a[^1] b[^all-of-it-is-hidden-here]\n\n[^1]: c\n[^all-of-it-is-hidden-here]: d',
      'a[^1] b[^all-of-it-is-hidden-here]\n\n[^1]: c\n[^all-of-it-is-hidden-here]: d',
      'all-of-it-is-hidden-here',
    ],
    [
      '<pre>\na                                                                                                                        b\n</pre>',
      '<pre>\na                                                                                                                        b\n</pre>',
      'b',
    ],
    ['```mermaid\nhello there\n```', '', 'hello there'],
    ['```mermaid\n```', '```mermaid\n```'],
    ['| a | b |\n|---|---|\n| c \\| d | e |', '| a | b |\n|---|---|\n| c \\| d | e |'],
  ]),
];
