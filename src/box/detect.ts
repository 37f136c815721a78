/** Finds out whether this host can make the chosen kind of box, by starting one. */
import { closeInheritedDescriptors } from './inherited-descriptors.ts';
import { type BoxChoice, DEFAULT_KIND, kindOf } from './kinds.ts';
import type { BoxProblem, BoxTier, BoxUser } from './tier.ts';

/** In a range that systemd's table of user ids leaves unused (60706–61183). */
const DEFAULT_BOX_UID = 60_900;

/** Also prepares this process to start boxes: it closes file descriptors that a box would inherit. */
export async function detectTier(choice: BoxChoice = {}): Promise<BoxTier> {
  await closeInheritedDescriptors();
  const privileged = process.getuid?.() === 0;
  const user = privileged ? { privileged, boxUid: choice.boxUid ?? DEFAULT_BOX_UID } : { privileged };
  const found = await detect(choice, user);
  return 'what' in found ? { name: 'none', privileged, guards: [], gaps: [], problems: [found] } : found;
}

async function detect(choice: BoxChoice, user: BoxUser): Promise<BoxTier | BoxProblem> {
  if (process.platform !== 'linux')
    return {
      what: `the box needs Linux, and this host runs ${process.platform}`,
      fix: 'run the runner on Linux or in a Linux container',
    };
  const name = choice.box ?? DEFAULT_KIND;
  const kind = kindOf({ name });
  if (kind === undefined) throw new Error(`unknown kind of box: ${name}`);
  const found = await kind.detect(choice, user);
  if (!('what' in found)) await kind.sweep(found);
  return found;
}
