/** The permission profile of one box, as Codex reads it: what may be read and written by list, no network but its own loopback. Pure. */
import path from 'node:path';

import type { BoxSpec } from '../spec.ts';

/** Host paths, with every link resolved: Codex shows a place under its own name only. */
export interface ProfilePlaces {
  readonly workspaceDir: string;
  readonly hasGitDir: boolean;
  /** Of the workspace, covered by something empty. */
  readonly masked: readonly string[];
  /** What the box may read besides the system. */
  readonly readable: readonly string[];
}

export const PROFILE = 'box';

/**
 * `:minimal` is the system's programs, libraries and `/etc`. The feature gives a network namespace whose only way out is
 * a proxy of Codex's, and no domain is allowed there; without it there would be no loopback either.
 * https://developers.openai.com/codex/permissions
 */
export function profileText(
  { workspaceAccess }: Pick<BoxSpec, 'workspaceAccess'>,
  { workspaceDir, hasGitDir, masked, readable }: ProfilePlaces,
): string {
  const files = new Map<string, 'read' | 'write' | 'deny'>([
    [':minimal', 'read'],
    ...readable.map(place => [place, 'read'] as const),
    [workspaceDir, workspaceAccess === 'read-only' ? 'read' : 'write'],
    ...(hasGitDir ? [[path.join(workspaceDir, '.git'), 'read'] as const] : []),
    ...masked.map(dir => [path.join(workspaceDir, dir), 'deny'] as const),
  ]);
  return [
    `default_permissions = "${PROFILE}"`,
    '[features]',
    'network_proxy = true',
    `[permissions.${PROFILE}.filesystem]`,
    // The escapes of JSON are a part of TOML's.
    ...[...files].map(([place, access]) => `${JSON.stringify(place)} = "${access}"`),
    `[permissions.${PROFILE}.network]`,
    'enabled = true',
    '',
  ].join('\n');
}
