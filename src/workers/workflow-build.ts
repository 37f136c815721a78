/**
 * The workflow code as a build: its bytes and the id derived from them. The artifact store keeps it, so that an issue that
 * started with it can continue with it after an update (docs/adr/0012).
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ArtifactError, type ArtifactStore, isArtifactDigest } from '../artifacts/port.ts';

export interface WorkflowBuild {
  /** The SHA-256 of the code, in hexadecimal: the artifact's digest without its prefix. */
  readonly buildId: string;
  readonly code: string;
}

const CODE_BYTES_MAX = 64 * 1024 * 1024;

/** The built package contains a bundle, which starts three times faster; the sources are bundled at start. */
export async function installedBuild(): Promise<WorkflowBuild> {
  const bundle = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  if (existsSync(bundle)) return buildOf(await readFile(bundle, 'utf8'));
  const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  return buildOf((await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') })).code);
}

export function buildOf(code: string): WorkflowBuild {
  return { buildId: createHash('sha256').update(code).digest('hex'), code };
}

/**
 * A scheduler runs only builds that a scheduler noted. Their bytes are not enough: a runner can store bytes too, and
 * whoever reaches Temporal can name any build there.
 */
const BUILDS = 'builds';

export async function keepBuild(artifacts: ArtifactStore, { code }: WorkflowBuild): Promise<void> {
  await artifacts.note(BUILDS, await artifacts.put(Buffer.from(code, 'utf8'), 'text/javascript'));
}

/** `undefined` when no scheduler kept it, or the store does not have it any more. */
export async function keptBuild(
  artifacts: ArtifactStore,
  buildId: string,
): Promise<WorkflowBuild | undefined> {
  const digest = `sha256:${buildId}`;
  if (!isArtifactDigest(digest) || !(await artifacts.noted(BUILDS)).includes(digest)) return undefined;
  try {
    return { buildId, code: Buffer.from(await artifacts.get(digest, CODE_BYTES_MAX)).toString('utf8') };
  } catch (error) {
    if (error instanceof ArtifactError && error.kind === 'missing') return undefined;
    throw error;
  }
}
