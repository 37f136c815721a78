/** The key of a set-up's layer: everything that may decide what the set-up leaves. */
import { readFile } from 'node:fs/promises';
import picomatch from 'picomatch';
import { programsOf } from '../../box/about-box.ts';
import type { BoxTier } from '../../box/tier.ts';
import { type Digest, digestOf } from '../../domain/digest.ts';
import type { SetUpPolicy } from '../../domain/policy.ts';
import type { TreeEntry } from '../../git/objects.ts';

export interface KeyInput {
  /** GitHub's id: two repositories never share a layer, whatever their lock files say. */
  readonly repository: number;
  /** Base commits were reviewed; what a change's own set-up left is for that commit alone. */
  readonly onlyFor?: string;
  readonly policy: SetUpPolicy;
  readonly files: readonly TreeEntry[];
  readonly tier: BoxTier;
}

export async function setUpKey({ repository, onlyFor, policy, files, tier }: KeyInput): Promise<Digest> {
  const isInput = inputMatcher(policy);
  return digestOf({
    version: 1,
    repository,
    onlyFor: onlyFor ?? null,
    inputs: files.filter(file => isInput(file.path)).map(({ path, mode, sha }) => ({ path, mode, sha })),
    commands: policy.commands.map(command => command.run),
    network: policy.network,
    tools: { node: process.version, platform: process.platform, arch: process.arch, system: await system() },
    tier: {
      name: tier.name,
      uid: tier.boxUid ?? process.getuid?.() ?? null,
      ...programsOf(tier),
    },
  });
}

export function inputMatcher({ inputs }: SetUpPolicy): (path: string) => boolean {
  return inputs.length === 0 ? () => false : picomatch([...inputs], { dot: true });
}

/** A distribution's release decides which libraries native parts were built for. */
async function system(): Promise<string> {
  return await readFile('/etc/os-release', 'utf8').catch(() => '');
}
