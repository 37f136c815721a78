/** The hardened command line of `codex exec`: it reads no configuration of the user or the repository, and no network. */

export interface CodexFlags {
  readonly model: string;
  readonly baseUrl: string;
  readonly workspaceDir: string;
  readonly outputSchemaPath: string;
  /** Model metadata that gives plain tools; needed for every slug but the default. */
  readonly catalogPath?: string;
}

/** Environment variable of the box that holds the run's token. */
export const CODEX_TOKEN_VARIABLE = 'GW_KEY';

/** The only slug whose built-in metadata already gives plain tools (exec_command, write_stdin, apply_patch). */
export const CODEX_DEFAULT_MODEL = 'gpt-5.5';

/** Codex gives up when the provider sends nothing for this long after its headers. */
const STREAM_IDLE_TIMEOUT_MS = 300_000;

/** Each of these reaches the network, asks a person, or gives the model a tool that the gateway would refuse. */
const disabledFeatures = [
  'plugins',
  'remote_plugin',
  'apps',
  'multi_agent',
  'goals',
  'shell_snapshot',
  'tool_suggest',
  'skill_search',
  'view_image',
  'image_generation',
  'hooks',
  'daemon_auto_start',
  // Otherwise Codex retries a refused connection forever, even with no retries set.
  'unbounded_connection_retries',
  'sleep_tool',
] as const;

const settings = [
  'web_search="disabled"',
  // Otherwise Codex takes five more seconds to exit without a network.
  'analytics.enabled=false',
  'check_for_update_on_startup=false',
  'history.persistence="none"',
  'project_doc_max_bytes=0',
  'skills.bundled.enabled=false',
  'skills.include_instructions=false',
  'agents.enabled=false',
  'tools.experimental_request_user_input.enabled=false',
  // `bash -c`, not `-lc`: no profile files.
  'allow_login_shell=false',
  'shell_environment_policy={inherit="core"}',
  'model_provider="gw"',
] as const;

export function codexArguments(flags: CodexFlags): readonly string[] {
  const catalog = flags.catalogPath === undefined ? [] : [`model_catalog_json=${quoted(flags.catalogPath)}`];
  return [
    'exec',
    '--json',
    '--color',
    'never',
    '--ephemeral',
    '--ignore-user-config',
    '--ignore-rules',
    '--strict-config',
    '--skip-git-repo-check',
    ...disabledFeatures.flatMap(feature => ['--disable', feature]),
    ...[...settings, provider(flags.baseUrl), ...catalog].flatMap(setting => ['-c', setting]),
    // The box is the sandbox: Codex's own cannot be nested in it, and it hides denied commands.
    '-s',
    'danger-full-access',
    '-m',
    flags.model,
    '--output-schema',
    flags.outputSchemaPath,
    '-C',
    flags.workspaceDir,
    '-',
  ];
}

/** No retries: the gateway's response is final, and the domain decides about another attempt. */
function provider(baseUrl: string): string {
  return (
    `model_providers.gw={name="gw",base_url=${quoted(baseUrl)},wire_api="responses",env_key="${CODEX_TOKEN_VARIABLE}",` +
    `request_max_retries=0,stream_max_retries=0,stream_idle_timeout_ms=${STREAM_IDLE_TIMEOUT_MS}}`
  );
}

/** A TOML basic string: JSON's escapes are a subset of TOML's. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
