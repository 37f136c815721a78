/** What must hold for every service of the compose file. Each rule returns the services that break it, with why. */
import { type ComposeFile, isJob, type Service } from './compose-file.ts';

export interface Rule {
  readonly name: string;
  /** Undefined if the service keeps the rule. */
  readonly problem: (service: Service, name: string) => string | undefined;
}

const ORDINARY_USER = /^[1-9]\d*:[1-9]\d*$/;
const SECURITY_OPTIONS = ['no-new-privileges:true'];
/** Only the runner has more, for bubblewrap. */
const RUNNER_SECURITY_OPTIONS = [
  ...SECURITY_OPTIONS,
  'seccomp:./deploy/seccomp-runner.json',
  'systempaths=unconfined',
];
const LIMITS = ['mem_limit', 'memswap_limit', 'cpus', 'pids_limit'];
const MORE_RIGHTS = ['privileged', 'cap_add', 'devices', 'pid', 'ipc', 'userns_mode', 'extra_hosts'];
/** A public image with a version, or one that is built here; no digest, which an image made without a registry cannot have. */
const PINNED = /^(?:signalbox|signalbox-runner):local$|^[\w./-]+:v?\d+(?:\.\d+)+$/;
const LOOPBACK_PORT = /^127\.0\.0\.1:\d+:\d+$/;
/** No network; or, for the demo's model gateway, the loopback of the scripted model, which has none. */
const ISOLATED = ['none', 'service:demo-model'];
/** The public images of Temporal, its Web UI and versitygw are Alpine: these are in both Alpine and Debian. */
const IN_EVERY_IMAGE = ['nc', 'wget'];

export const RULES: readonly Rule[] = [
  rule('an ordinary user', ({ user = '' }) => (ORDINARY_USER.test(user) ? undefined : `user ${user}`)),
  rule('a read-only root', service => (service['read_only'] === true ? undefined : 'can write to its root')),
  rule('no capability', ({ cap_drop: dropped }) =>
    same(dropped, ['ALL']) ? undefined : 'keeps capabilities',
  ),
  rule('no further right', service => MORE_RIGHTS.find(key => service[key] !== undefined)),
  rule('the security options of its kind', ({ security_opt: options }, name) =>
    same(options, /^(?:demo-)?runner$/.test(name) ? RUNNER_SECURITY_OPTIONS : SECURITY_OPTIONS)
      ? undefined
      : String(options),
  ),
  rule('an init process', ({ init }) => (init === true ? undefined : 'nobody reaps its zombies')),
  rule('limits', service => LIMITS.find(key => service[key] === undefined)),
  rule('bounded logs', ({ logging }) =>
    (logging as { options?: Record<string, string> } | undefined)?.options?.['max-size'] === undefined
      ? 'its log can fill the disk'
      : undefined,
  ),
  rule('a pinned image', ({ image = '' }) => (PINNED.test(image) ? undefined : image)),
  rule('ports on loopback only', ({ ports = [] }) => ports.find(port => !LOOPBACK_PORT.test(port))),
  rule('a health check, or an end of its own', service => healthProblem(service)),
  rule('networks by name, or none', ({ networks, network_mode: mode }) =>
    (networks === undefined) === ISOLATED.includes(mode ?? '') ? undefined : 'would join the default network',
  ),
  rule('no access to the engine or to folders of the host', ({ volumes = [] }) =>
    volumes.find(
      volume => /^[./~]/.test(volume) && !/^\.\/deploy\/[\w-]+\.(?:sh|yaml):[^:]+:ro$/.test(volume),
    ),
  ),
];

/** As `service: problem`. */
export function problemsOf(file: ComposeFile, { problem }: Rule): readonly string[] {
  return Object.entries(file.services).flatMap(([name, service]) => {
    const found = problem(service, name);
    return found === undefined ? [] : [`${name}: ${found}`];
  });
}

function rule(name: string, problem: Rule['problem']): Rule {
  return { name, problem };
}

function healthProblem(service: Service): string | undefined {
  const [how, ...words] = service.healthcheck?.test ?? [];
  if (isJob(service)) return how === undefined ? undefined : 'a job that has a health check';
  if (how !== 'CMD') return 'has no health check';
  const command = `${words.join(' ')} `;
  return programsOf(service.image ?? '').some(program => command.startsWith(`${program} `))
    ? undefined
    : `its image may lack ${command}`;
}

function programsOf(image: string): readonly string[] {
  if (image.startsWith('signalbox')) return ['node /app/bin/healthcheck.js'];
  return image.startsWith('postgres:') ? ['pg_isready'] : IN_EVERY_IMAGE;
}

function same(found: unknown, wanted: readonly string[]): boolean {
  return JSON.stringify(found) === JSON.stringify(wanted);
}
