/** The key of a set-up's layer: a digest of everything that can affect the result of the set-up. */
import { readFile } from 'node:fs/promises';
import picomatch from 'picomatch';
import { programsOf } from '../../box/about-box.ts';
import type { BoxTier } from '../../box/tier.ts';
import { type Digest, digestOf } from '../../domain/digest.ts';
import type { SetUpPolicy } from '../../domain/policy.ts';
import type { TreeEntry } from '../../git/objects.ts';

export interface KeyInput {
  /** GitHub's id. Two repositories never share a layer, even with the same lock files. */
  readonly repository: number;
  /** The target branch; absent for the default branch. More people can push to it, and its file can name the inputs. */
  readonly target?: string | undefined;
  /** The commit, when the set-up ran on a change: only reviewed base commits may share a layer. */
  readonly onlyFor?: string;
  readonly policy: SetUpPolicy;
  readonly files: readonly TreeEntry[];
  readonly tier: BoxTier;
}

export async function setUpKey({
  repository,
  target,
  onlyFor,
  policy,
  files,
  tier,
}: KeyInput): Promise<Digest> {
  const isInput = inputMatcher(policy);
  return digestOf({
    // 1: layers could contain repositories.
    version: 2,
    repository,
    ...(target === undefined ? {} : { target }),
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

/** Native modules are built against the libraries of one distribution release. */
async function system(): Promise<string> {
  return await readFile('/etc/os-release', 'utf8').catch(() => '');
}
