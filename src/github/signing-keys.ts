/** The public SSH keys with which an account signs commits. */
import { z } from 'zod';
import type { GitHub } from './client.ts';
import { askPages } from './pages.ts';

/** Kind and base64 of each key, as in the first two words of a `.pub` file. Anyone can read them. */
export async function signingKeysOf(github: GitHub, login: string): Promise<readonly string[]> {
  const keys = await askPages({
    what: `the signing keys of ${login}`,
    send: at => github.rest.users.listSshSigningKeysForUser({ username: login, ...at }),
    schema: z.array(z.object({ key: z.string() })),
  });
  return keys.map(({ key }) => key.trim().split(/\s+/).slice(0, 2).join(' '));
}
