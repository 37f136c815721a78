/** What an engine changes in this host's network and does not put back when it ends. */
import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const BRIDGE = 'docker0';
const TOOLS = ['iptables', 'ip6tables'];
/** A table that nobody has used is not in what is saved, and would keep the engine's rules. */
const UNUSED: Readonly<Record<string, string>> = {
  filter: ':INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT',
  nat: ':PREROUTING ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT',
};

export interface NetworkRules {
  readonly restore: () => Promise<void>;
}

/** To be called while no engine runs. */
export async function keepNetworkRules(): Promise<NetworkRules> {
  const forwarding = await readFile(FORWARDING, 'utf8');
  const saved = await Promise.all(
    TOOLS.map(async tool => ({ tool, rules: await execa(`${tool}-save`, { reject: false }) })),
  );
  return {
    restore: async () => {
      await execa('ip', ['link', 'delete', BRIDGE], { reject: false });
      for (const { tool, rules } of saved)
        if (!rules.failed) await execa(`${tool}-restore`, { input: withUnused(rules.stdout), reject: false });
      await writeFile(FORWARDING, forwarding);
    },
  };
}

function withUnused(saved: string): string {
  const unused = Object.entries(UNUSED).filter(([table]) => !saved.includes(`*${table}\n`));
  return [saved, ...unused.map(([table, chains]) => `*${table}\n${chains}\nCOMMIT`), ''].join('\n');
}
