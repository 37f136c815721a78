/** A box inside the runner's container: made by the product's own modules there, as for an agent. */
import { nodeIn } from './containers.ts';
import { CONNECT, type Reached, type Target } from './networks.ts';

const IN_BOX = `
const from = name => import('/app/dist/src/box/' + name + '.js');
const [{ detectTier }, { runInBox }, { nodeInBox }, { defaultLimits }] =
  await Promise.all(['detect', 'run', 'about-box', 'spec'].map(from));
const tier = await detectTier();
const node = nodeInBox(tier);
const [program, targets] = process.argv.slice(2);
const lines = [];
const result = await runInBox(
  {
    command: node.path,
    args: ['--input-type=module', '-', targets],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    readOnlyMounts: node.mounts,
    stdin: program,
    limits: { ...defaultLimits, wallClockMs: 30000 },
  },
  { tier, onStdoutLine: line => lines.push(line) },
);
if (result.exitCode !== 0) throw new Error(JSON.stringify(result));
console.log(lines.join(''));
`;

export async function reachFromBox(service: string, targets: readonly Target[]): Promise<readonly Reached[]> {
  return JSON.parse(await nodeIn(service, IN_BOX, [CONNECT, JSON.stringify(targets)])) as Reached[];
}

const SELF_TEST = `
const from = name => import('/app/dist/src/box/' + name + '.js');
const [{ detectTier }, { selfTest }] = await Promise.all(['detect', 'self-test'].map(from));
console.log(JSON.stringify(await selfTest(await detectTier())));
`;

export interface Probe {
  readonly probe: string;
  readonly denied: boolean;
  readonly detail: string;
}

/** What a runner does before it takes work. */
export async function selfTestIn(service: string): Promise<readonly Probe[]> {
  return JSON.parse(await nodeIn(service, SELF_TEST)) as Probe[];
}
