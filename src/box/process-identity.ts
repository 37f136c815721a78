/** Names a process so that a later one with the same number is not taken for it. */
import { readFile } from 'node:fs/promises';

/** Process id, then its start in clock ticks since boot, then the start of the boot's id. */
export type IdentityText = `${number}.${string}.${string}`;

export async function ownIdentity(): Promise<IdentityText> {
  return identityOf(process.pid);
}

export function parseIdentity(text: string): IdentityText | undefined {
  return /^\d+\.\d+\.[0-9a-f]+/.exec(text)?.[0] as IdentityText | undefined;
}

/** A zombie counts as dead: it runs nothing and holds nothing. */
export async function isIdentityAlive(identity: IdentityText): Promise<boolean> {
  const pid = Number.parseInt(identity, 10);
  const state = await processState(pid);
  return state !== undefined && state.letter !== 'Z' && (await identityOf(pid)) === identity;
}

export async function identityOf(pid: number): Promise<IdentityText> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '0');
  return `${pid}.${(await processState(pid))?.startTicks ?? '0'}.${boot.slice(0, 8)}`;
}

/** Undefined when there is no such process. */
async function processState(pid: number): Promise<{ letter: string; startTicks: string } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name of the program stands in brackets and may hold anything, brackets and blanks too.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && { letter: fields[0] ?? '', startTicks: fields[19] ?? '0' };
}
