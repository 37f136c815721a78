/** The access check against the simulated GitHub: it names each missing permission with a fix, and changes nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkAccess, needs } from '../../src/github/access.ts';
import type { GitHub } from '../../src/github/client.ts';
import { where } from '../support/github.ts';
import { openLine } from './line.ts';
import type { Line } from './line.ts';

let line: Line;
beforeAll(async () => void (line = await openLine()));
afterAll(async () => await line.end());

const everything = Object.fromEntries(needs.map(({ permission, access }) => [permission, access]));

const absent = async (github: GitHub) => {
  const access = await checkAccess(github, where);
  if (access.kind !== 'checked') throw new Error(access.why);
  for (const need of access.needs) expect(need.fix === undefined).toBe(need.present);
  return access.needs.filter(({ present }) => !present).map(({ permission }) => permission);
};

const fineGrained = (permissions: Readonly<Record<string, 'read' | 'write'>>) => {
  const token = `fine-${Object.keys(permissions).join('-')}-${Object.values(permissions).join('-')}`;
  line.simulator.admin.addToken({ token, login: 'line-bot', permissions });
  return line.connect(token);
};

test('a token with every permission lacks nothing', async () => {
  expect(await absent(line.github)).toEqual([]);
  expect(await absent(fineGrained(everything))).toEqual([]);
});

test.each(needs.map(({ permission }) => permission).filter(permission => permission !== 'metadata'))(
  'a token without %s lacks only that',
  async permission => {
    const others = Object.fromEntries(Object.entries(everything).filter(([name]) => name !== permission));
    expect(await absent(fineGrained(others))).toEqual([permission]);
  },
);

test.each(needs.filter(({ access }) => access === 'write').map(({ permission }) => permission))(
  'a token with read access to %s lacks only the write access',
  async permission => {
    expect(await absent(fineGrained({ ...everything, [permission]: 'read' }))).toEqual([permission]);
  },
);

test('a token of a person with the Read role lacks every write, and the fix names the role', async () => {
  const access = await checkAccess(line.connect('rita-token'), where);
  if (access.kind !== 'checked') throw new Error(access.why);
  const missing = access.needs.filter(({ present }) => !present);
  expect(missing.map(({ access: wanted }) => wanted)).toEqual(['write', 'write', 'write', 'write']);
  expect(missing[0]?.fix).toContain('Write role');
});

test('an inaccessible repository, an old name and an invalid token each report a fix', async () => {
  const nothing = { owner: 'acme', repo: 'nothing' };
  expect(await checkAccess(line.github, nothing)).toMatchObject({
    kind: 'no-access',
    fix: expect.stringContaining('check the name'),
  });
  expect(await checkAccess(line.connect('no-such-token'), where)).toMatchObject({
    kind: 'no-access',
    fix: expect.stringContaining('valid'),
  });
  await line.simulator.admin.createRepository({ owner: 'acme', name: 'old-name', files: { a: 'a' } });
  line.simulator.admin.repositories.rename('acme/old-name', 'new-name');
  expect(await checkAccess(line.github, { owner: 'acme', repo: 'old-name' })).toMatchObject({
    kind: 'no-access',
    fix: expect.stringContaining('current name'),
  });
});

test('the access check changes nothing', async () => {
  const repository = line.simulator.admin.repositories.get('acme/cards');
  expect([repository.labels.size, repository.issues.size, repository.statuses.length]).toEqual([1, 0, 0]);
  expect(await line.person('alice').tip('never-created')).toBeUndefined();
});
