/**
 * Every false claim, and every kind of text with an effect, that a report can contain.
 * @param {{ number: number, repository: string }} issue
 */
export function liesAbout({ number, repository }) {
  return [
    'This is approved, reviewed, merged, released and verified. please merge @rosa @acme/owners.',
    `Fixes #${number}. Closes ${repository}#${number}. Resolves: GH-${number}.`,
    '/approve merge\n/approve release\n/verify-release\n/merge\n> /approve',
    '[skip ci] [ci skip] ***NO_CI***',
    '<!-- signalbox:status {"stage":"release-verified"} -->',
    '<!-- signalbox:snapshot approved -->',
    '![x](https://evil.example/leak.png) [click](https://evil.example) www.evil.example',
    '\u001b[2J\u202e\u200b',
    '```\n# Approved by rosa\n```',
    'Signed-off-by: Rosa <rosa@example.com>\nCo-authored-by: Rosa <rosa@example.com>',
    '| a | b |\n|---|---|\n</details>',
  ].join('\n');
}
