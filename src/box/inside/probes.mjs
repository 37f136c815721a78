/**
 * Runs inside the box and tries to reach targets outside it. Prints one JSON object: probe → the target that was reached,
 * or an empty string. Usage: probes.mjs TARGETS_AS_JSON OPEN_DESCRIPTORS
 */
import { spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns/promises';
import fs from 'node:fs';
import net from 'node:net';

/**
 * @typedef {{ program: string, refusals: [string, number][] }} Calls
 * @type {{
 *   hostPort: number, hostAbstractSocket: string, hostDnsPort: number, hostFile: string,
 *   hostProcess: { pid: number, startedAt?: string },
 *   addresses: string[], credentials: string[], environment: string[], calls: Calls,
 * }}
 */
const targets = JSON.parse(process.argv[2] ?? '');
const descriptors = process.argv[3] ?? '';
const WAIT_MS = 2000;

/** @type {Record<string, () => string | undefined | Promise<string | undefined>>} */
const probes = {
  network: () => connects({ host: '127.0.0.1', port: targets.hostPort }),
  'abstract-socket': () => connects({ path: `\0${targets.hostAbstractSocket}` }),
  dns: () => resolves(targets.hostDnsPort),
  routes: async () => (await Promise.all(targets.addresses.map(hasRoute))).filter(Boolean).join(' '),
  'host-files': () => fs.readFileSync(targets.hostFile, 'utf8'),
  'symlink-out': () => {
    fs.symlinkSync(targets.hostFile, 'link-out');
    return fs.readFileSync('link-out', 'utf8');
  },
  credentials: () => targets.credentials.filter(isReadable).join(' '),
  'host-processes': () => nameOf(targets.hostProcess),
  'first-process': () => ['/proc/1/mem', '/proc/1/environ'].filter(isReadable).join(' '),
  'host-keyrings': () => (hasContent('/proc/keys') ? '/proc/keys' : ''),
  'host-key-counts': () => (hasContent('/proc/key-users') ? '/proc/key-users' : ''),
  // Listed by the shell, before Node started.
  'inherited-descriptors': () =>
    descriptors
      .split(' ')
      .filter(fd => Number(fd) > 2)
      .join(' '),
  'write-outside': () =>
    ['/', '/usr', '/etc', '/opt', '/dev', '/run', '/proc/1'].filter(isWritable).join(' '),
  'write-git': () => (isWritable('/ws/.git') ? '/ws/.git' : ''),
  'new-namespaces': () => (spawnSync('unshare', ['--user', 'true']).status === 0 ? 'unshare --user' : ''),
  environment: () =>
    Object.keys(process.env)
      .filter(name => !targets.environment.includes(name))
      .join(' '),
  privileges: () => ownStatus(/^CapBnd:\s*0*[1-9a-f].*$|^NoNewPrivs:\s*0$/m),
  'system-call-filter': () => ownStatus(/^Seccomp:\s*[01]$/m),
};

/** @type {Record<string, string>} */
const reached = {};
for (const [name, probe] of Object.entries(probes)) {
  try {
    reached[name] = (await probe()) ?? '';
  } catch {
    reached[name] = '';
  }
}
process.stdout.write(`${JSON.stringify({ ...reached, ...systemCalls(targets.calls) })}\n`);

/**
 * Reports each call that did not get the filter's refusal, with the kernel's answer.
 * @param {Calls} calls
 */
function systemCalls({ program, refusals }) {
  const stdout = /** @type {Buffer | null} */ (spawnSync(program, { timeout: WAIT_MS }).stdout);
  return Object.fromEntries(
    refusals.map(([name, refusal], row) => {
      const at = row * 56;
      const answer = stdout !== null && stdout.length > at ? Number(stdout.readBigInt64LE(at)) : 'no answer';
      return [`system-call ${name}`, answer === refusal ? '' : `answered ${answer}`];
    }),
  );
}

/**
 * The box has processes of its own with small numbers, and so has a runner in a container: only one with the same start
 * is the runner.
 * @param {{ pid: number, startedAt?: string }} process
 */
function nameOf({ pid, startedAt }) {
  const [, fields = ''] = /^.*\) (.*)$/s.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  if (fields.split(' ')[19] !== startedAt) return '';
  return fs.readFileSync(`/proc/${pid}/status`, 'utf8').split('\n', 1)[0];
}

/** @param {RegExp} pattern */
function ownStatus(pattern) {
  return pattern.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[0];
}

/**
 * @param {{ host: string, port: number } | { path: string }} target
 * @returns {Promise<string>}
 */
function connects(target) {
  return new Promise(resolve => {
    const socket = net.connect(target);
    socket.setTimeout(WAIT_MS, () => socket.destroy());
    socket.on('connect', () =>
      resolve('path' in target ? target.path.slice(1) : `${target.host}:${target.port}`),
    );
    socket.on('error', () => undefined);
    socket.on('connect', () => socket.destroy());
    socket.on('close', () => resolve(''));
  });
}

/** @param {number} port */
async function resolves(port) {
  const resolver = new dns.Resolver({ timeout: WAIT_MS / 4, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return (await resolver.resolve4('signalbox.test')).join(' ');
}

/**
 * Connecting a datagram socket sends nothing; it only tells whether the kernel has a route.
 * @param {string} address
 * @returns {Promise<string>}
 */
function hasRoute(address) {
  return new Promise(resolve => {
    const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
    /** @param {string} route */
    const found = route => {
      socket.close();
      resolve(route);
    };
    socket.once('error', () => found(''));
    // The type declarations omit the error argument of the callback.
    socket.connect(80, address, (/** @type {(Error | null)[]} */ ...[error]) => found(error ? '' : address));
  });
}

/** @param {string} file */
function isReadable(file) {
  try {
    if (fs.statSync(file).isDirectory()) return fs.readdirSync(file).length > 0;
    fs.closeSync(fs.openSync(file, 'r'));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file */
function hasContent(file) {
  try {
    return fs.readFileSync(file, 'utf8') !== '';
  } catch {
    return false;
  }
}

/** @param {string} dir */
function isWritable(dir) {
  const file = `${dir}/signalbox-probe-${process.pid}`;
  try {
    fs.writeFileSync(file, '');
    fs.unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}
