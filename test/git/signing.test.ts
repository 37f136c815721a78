/** Signed commits: the signature is that of ssh-keygen, git verifies it, and the commit's id is the same each time. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { publicKeyText, readSigningKey } from '../../src/git/signing/ssh-key.ts';
import { signForGit } from '../../src/git/signing/ssh-signature.ts';
import { openSshKey } from './support/open-ssh-key.ts';
import { keygenProblem } from '../support/ssh-keygen.ts';

const dir = mkdtempSync(join(tmpdir(), 'signing-'));
afterAll(() => rmSync(dir, { recursive: true }));

const seed = Buffer.alloc(32, 7);
const { privateKey, publicKey } = openSshKey(seed);
const key = readSigningKey(privateKey);

/** What `ssh-keygen -Y sign -n git` of OpenSSH 9.2 wrote for this key and these bytes. */
const VECTOR = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg6kpsY+KcUgq+9VB7Ey7F+ZVHdq
6+vnuSQh7qaRRG0iwAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQCu4GFXPEoMOCQ2JgzIHSxbiWMnq2ay3m/d9jbSF2bLHFV3JxOxhJduvvSh0q9DvC7
sYYWM9jM66Co+ruyWwoAM=
-----END SSH SIGNATURE-----
`;

test('signs as ssh-keygen does, the same each time', () => {
  expect(signForGit(key, Buffer.from('tree of a commit\n'))).toBe(VECTOR);
  expect(signForGit(key, Buffer.from('tree of a commit\n'))).toBe(VECTOR);
  expect(signForGit(key, Buffer.from('tree of a commit'))).not.toBe(VECTOR);
  expect(`${publicKeyText(key)} test`).toBe(publicKey);
});

describe('a key that cannot sign is refused without being shown', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['with a passphrase', openSshKey(seed, { cipher: 'aes256-ctr' }).privateKey, /passphrase/],
    [
      'of another kind',
      openSshKey(seed, { kind: 'ssh-rsa' }).privateKey,
      /of the kind ssh-rsa, not ssh-ed25519/,
    ],
    ['in PEM', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', /form of OpenSSH/],
    ['that is public', publicKey, /form of OpenSSH/],
    ['that ends early', `${privateKey.slice(0, 200)}\n-----END OPENSSH PRIVATE KEY-----`, /damaged/],
    ['that is text', 'x'.repeat(100_000), /form of OpenSSH/],
  ];
  test.each(refused)('%s', (_what, text, why) => {
    const message = messageOf(() => readSigningKey(text));
    expect(message).toMatch(why);
    expect(message.length).toBeLessThan(120);
    for (const line of privateKey.split('\n').filter(one => one.length > 20 && !one.startsWith('-')))
      expect(message).not.toContain(line);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
}

const problem = keygenProblem();

(problem === '' ? test : test.skip)(`git verifies a commit with the signature${problem}`, () => {
  const git = (args: readonly string[], input?: string): string =>
    execFileSync('git', ['-c', `gpg.ssh.allowedSignersFile=${join(dir, 'signers')}`, ...args], {
      cwd: dir,
      ...(input === undefined ? {} : { input }),
      env: { PATH: process.env['PATH'] ?? '', HOME: dir, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
      .toString()
      .trim();
  git(['init', '--quiet']);
  const tree = git(['hash-object', '-t', 'tree', '-w', '--stdin'], '');
  const who = 'Bot <1+bot@users.noreply.github.com> 1700000000 +0000';
  const header = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n`;
  const signature = signForGit(key, Buffer.from(`${header}\nsigned\n`));
  const withSignature = (of: string): string =>
    git(
      ['hash-object', '-t', 'commit', '-w', '--stdin'],
      `${header}gpgsig ${of.trimEnd().replaceAll('\n', '\n ')}\n\nsigned\n`,
    );
  const signers = (email: string): void =>
    writeFileSync(join(dir, 'signers'), `${email} namespaces="git" ${publicKey}\n`);
  signers('1+bot@users.noreply.github.com');
  const commit = withSignature(signature);
  expect(withSignature(signForGit(key, Buffer.from(`${header}\nsigned\n`)))).toBe(commit);
  expect(git(['log', '-1', '--format=%G? %GS', commit])).toBe('G 1+bot@users.noreply.github.com');
  expect(() => git(['verify-commit', commit])).not.toThrow();
  const other = withSignature(signForGit(key, Buffer.from(`${header}\nsomething else\n`)));
  expect(() => git(['verify-commit', other])).toThrow();
});
