/** Makes a model catalogue, from the binary's own, that gives any slug only the plain tools that the gateway allows. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { CODEX_DEFAULT_MODEL } from './flags.ts';

const CATALOG_BYTES_MAX = 16 * 1024 * 1024;
const CATALOG_TIMEOUT_MS = 15_000;

const catalogSchema = z.looseObject({ models: z.array(z.looseObject({ slug: z.string() })).min(1) });

/** The catalogue document for `model`; undefined when the built-in metadata is already correct. */
export async function catalogFor(
  model: string,
  codex: { hostPath: string; home: string },
): Promise<string | undefined> {
  if (model === CODEX_DEFAULT_MODEL) return undefined;
  const { stdout } = await promisify(execFile)(codex.hostPath, ['debug', 'models'], {
    env: { CODEX_HOME: codex.home, PATH: '/usr/bin:/bin' },
    maxBuffer: CATALOG_BYTES_MAX,
    timeout: CATALOG_TIMEOUT_MS,
  });
  const { models } = catalogSchema.parse(JSON.parse(stdout));
  const known =
    models.find(entry => entry.slug === model) ??
    models.find(entry => entry.slug === CODEX_DEFAULT_MODEL) ??
    models[0];
  const plain = { ...known, ...plainTools, slug: model };
  return JSON.stringify({ models: [plain] });
}

/** Code mode would hide its tools in an input item; delegation would start more agents; the gateway serves none of the rest. */
const plainTools = {
  tool_mode: null,
  multi_agent_version: null,
  use_responses_lite: false,
  experimental_supported_tools: [],
  supports_search_tool: false,
  default_service_tier: null,
} as const;
