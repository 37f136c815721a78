/** The arguments and environments of our processes, as an administrator of the host sees them, collected over time. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessView {
  /** `scheduler`, `runner`, `gateway`, `model-gateway`, `temporal`, or `box` for processes in a box; other children count as their parent. */
  readonly owner: string;
  readonly what: 'argv' | 'environ';
  readonly text: string;
}

export interface Watch {
  readonly seen: () => readonly ProcessView[];
  readonly stop: () => void;
}

const EVERY_MS = 100;

/** Reads all descendants of this process every EVERY_MS. */
export function watchProcesses(): Watch {
  const seen = new Map<string, ProcessView>();
  const look = (): void => {
    for (const view of viewsNow()) seen.set(JSON.stringify(view), view);
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    seen: () => {
      look();
      return [...seen.values()];
    },
    stop: () => clearInterval(timer),
  };
}

interface Found {
  readonly pid: number;
  readonly parent: number;
  readonly argv: string;
}

function viewsNow(): readonly ProcessView[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => found(Number(name)) ?? []);
  const byPid = new Map(all.map(one => [one.pid, one]));
  return all.flatMap(one => {
    const owner = ownerOf(one, byPid);
    if (owner === undefined) return [];
    return [
      { owner, what: 'argv' as const, text: one.argv },
      { owner, what: 'environ' as const, text: read(one.pid, 'environ') ?? '' },
    ];
  });
}

/** Undefined for a process that is not our descendant. */
function ownerOf(one: Found, byPid: ReadonlyMap<number, Found>): string | undefined {
  let [owner, boxed] = ['', false];
  for (let at: Found | undefined = one; at !== undefined; at = byPid.get(at.parent)) {
    if (at.pid === process.pid) return owner === 'runner' && boxed ? 'box' : owner || 'other';
    if (owner === '') owner = roleOf(at.argv) ?? '';
    boxed ||= /^(?:unshare|setpriv|prlimit|\S*bwrap|\/run\/signalbox-box-stage\/\d+)\0/.test(at.argv);
  }
  return undefined;
}

function roleOf(argv: string): string | undefined {
  const role = /\/main\.[jt]s\0([a-z-]+)\0/.exec(argv)?.[1];
  return role ?? (/temporal/.test(argv.split('\0', 1)[0] ?? '') ? 'temporal' : undefined);
}

function found(pid: number): Found | undefined {
  const [argv, stat] = [read(pid, 'cmdline'), read(pid, 'stat')];
  const parent = /\) \S (\d+) /.exec(stat ?? '')?.[1];
  return argv === undefined || parent === undefined ? undefined : { pid, parent: Number(parent), argv };
}

/** Undefined if the process has ended. */
function read(pid: number, what: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return undefined;
  }
}
