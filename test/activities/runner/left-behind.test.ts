/** Hostile trees as an agent leaves them behind, through the whole way out of the box: each is refused as a whole, their harmless twins together are not. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aReport } from '../../agents/support/task.ts';
import { fakeToken } from '../../git/corpus.ts';
import { planOf } from '../support/changes.ts';
import { factOf, perform } from '../support/perform.ts';
import { stageRunner, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
beforeAll(async () => void (stage = await stageRunner()));
afterAll(() => stage.end());

const [head, tail] = [fakeToken.slice(0, 20), fakeToken.slice(20)];

/** What the hostile one does in the workspace, what the twin does, and the word of the refusal. */
const corpus: readonly (readonly [name: string, hostile: string, benign: string, why: RegExp])[] = [
  ['a link out', 'ln -s /etc/passwd src/link', 'cp src/card.js src/link', /symlink/],
  ['a link in the place of a directory', 'mv src s2; ln -s s2 src', 'mkdir src/d', /symlink/],
  [
    'a file written through a link',
    'ln -s /tmp src/t; echo x > src/t/x',
    'mkdir src/t; echo x > src/t/x',
    /symlink/,
  ],
  [
    'a repository',
    'git init -q src/sub; git -C src/sub -c user.name=a -c user.email=a commit -q --allow-empty -m x',
    'mkdir src/sub2; echo x > src/sub2/HEAD',
    /nested-git/,
  ],
  [
    'a .git in capitals',
    'mkdir src/.GIT; echo x > src/.GIT/config',
    'mkdir src/.gut; echo x > src/.gut/config',
    /nested-git/,
  ],
  [
    'a pointer to a repository',
    'echo "gitdir: /tmp" > src/.git',
    'echo "gitdir: /tmp" > src/git',
    /nested-git/,
  ],
  [
    'a submodule by description',
    'printf "[submodule]\\n" > src/.gitmodules',
    'echo x > src/gitmodules',
    /submodules/,
  ],
  [
    'an attribute with a filter',
    'echo "* filter=evil" > src/.gitattributes',
    'echo "* filter=evil" > src/attributes',
    /attributes/,
  ],
  ['a newline in a name', `echo x > $'src/a\\nb'`, 'echo x > src/ab', /control character/],
  ['an invisible letter in a name', `echo x > $'src/ca\\u200brd.js'`, 'echo x > src/caard.js', /invisible/],
  ['a backslash in a name', `echo x > 'src\\evil'`, 'echo x > src/evil', /backslash/],
  ['a twin in other letters', 'echo x > src/CARD.js', 'echo x > src/card2.js', /case or normalisation/],
  [
    'a look-alike of instructions',
    `echo x > $'src/CL\\u0391UDE.md'`,
    'echo x > src/CLOUD.md',
    /looks like a protected/,
  ],
  ['a pipe', 'mkfifo src/pipe', 'echo x > src/pipe', /special-file/],
  ['a file out of bounds', 'mv src/card.js card.js', 'cp src/card.js src/card3.js', /outside the allowed/],
  ['a token', `echo "${head}""${tail}" > src/t.js`, 'echo ghp_ > src/t.js', /contains a secret/],
  [
    'a token split over lines',
    `printf '"${head}" +\\n "${tail}"' > src/t.js`,
    `printf '"a" +\\n "b"' > src/t2.js`,
    /contains a secret/,
  ],
  [
    'a token among other bytes',
    `printf '\\0\\377${fakeToken}\\0' > src/t.bin`,
    `printf '\\0\\377\\0' > src/t.bin`,
    /contains a secret/,
  ],
  ['a token in a name', `echo x > src/${fakeToken}.js`, 'echo x > src/ghp_token.js', /contains a secret/],
  ['200 MB that take no room', 'truncate -s 200M src/big', 'truncate -s 1K src/big', /too-large|bytes/],
  [
    '20,000 files',
    'mkdir src/m; cd src/m; seq 20000 | xargs touch',
    'mkdir src/m; cd src/m; seq 20 | xargs touch',
    /files/,
  ],
];

/** The reasons for which it is refused; none: it became a commit. */
async function refusals(script: string, needsModel = false): Promise<readonly string[]> {
  const report = JSON.stringify(aReport({ outcome: 'patch' }));
  await stage.agent(
    `cat > /dev/null\nexport LC_ALL=C.UTF-8 HOME=/tmp\n(set -e\n${script}\n) || exit 9\necho '${report}'`,
    { needsModel },
  );
  const { end } = await factOf(stage.activities.runAgent, await stage.runInput());
  if (end.manifest === undefined) return [`${end.ending}: ${end.summary}`];
  const plan = await planOf(stage.scheduler, { 'src/card.js': 'x' });
  const effect = { kind: 'build-change' as const, ...plan, manifest: end.manifest };
  const { ended } = await perform(stage.scheduler.activities.buildChange, {
    context: stage.scheduler.context(1),
    effect,
  });
  if (!('fact' in ended)) throw new Error(JSON.stringify(ended));
  return ended.fact.type === 'change-refused'
    ? ended.fact.refusals.map(({ path, reason }) => `${path}: ${reason}`)
    : [];
}

let refused = 0;
test.each(corpus)('%s is refused', async (...[, hostile, , why]) => {
  const reasons = await refusals(hostile);
  expect(reasons.join('\n')).toMatch(why);
  expect(reasons.join('\n')).not.toContain(fakeToken);
  refused += 1;
});

test('the token of the run does not travel, and a part of it is only text', async () => {
  const write = (token: string): string => `echo "const t = '${token}'" > src/t.js`;
  expect(await refusals(write('$OPENAI_API_KEY'), true)).toEqual([
    'change-refused: the change holds the token of the run',
  ]);
  expect(await refusals(write('${OPENAI_API_KEY:0:20}'), true)).toEqual([]);
});

test('their twins are accepted, all together', async () => {
  const reasons = await refusals(corpus.map(([, , benign]) => `(${benign})`).join('\n'));
  const { length } = corpus;
  process.stdout.write(
    `trees left behind: ${length - refused} of ${length} hostile accepted, ${reasons.length} of ${length} benign refused\n`,
  );
  expect(reasons).toEqual([]);
});
