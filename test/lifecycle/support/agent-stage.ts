/** A stage whose worker is one of the characters of `programs/agent.mjs`, and a recorder of the writes to GitHub. */
import { join } from 'node:path';
import { answersWith, prose } from '../../../simulator/model/scripts.ts';
import { FIX_TEST_PATH, FIX_TEST_SOURCE } from '../../../simulator/project/fix.ts';
import type { Stage } from '../../../demo/stage.ts';
import type { Hold } from '../../../src/domain/step.ts';
import { until } from '../../support/until.ts';
import type { LineInput } from './line.ts';

export type Character = 'benign' | 'words' | 'hostile';

const BOT = 'signalbox-bot';
const programs = join(import.meta.dirname, '../programs');

export function withAgent(character: Character, sleepSeconds = '1'): NonNullable<LineInput['stage']> {
  const agent = {
    name: character,
    command: '/usr/bin/env',
    args: ['node', '/opt/agent/agent.mjs', character, FIX_TEST_PATH, FIX_TEST_SOURCE, sleepSeconds],
    readOnlyMounts: [{ from: programs, to: '/opt/agent' }],
    needsModel: true,
  };
  return {
    policy: POLICY,
    values: { SIGNALBOX_AGENT_COMMAND: JSON.stringify(agent) },
    // The hostile worker gets no answer from the model.
    script: character === 'hostile' ? answersWith(500, { message: 'not for you' }) : prose,
  };
}

const POLICY = `
version: 1
mode: guarded
decisions: { sources: [github, temporal], role: write }
agent: { adapter: command }
limits: { silence: 6s, wallClock: 2m, attempts: 6, costUsd: 1 }
verification:
  commands: [{ name: all tests, run: node --test }]
  testPaths: ['test/**/*.test.js']
  testCommand: node --test
merge: { by: scheduler }
calls: { to: [] } # the same writes on a slow host, where nobody answers at once
release: { verify: deployment, environment: production, signOffFromRisk: low, owner: rosa }
`;

/** `kinds`: each kind of write by Signalbox, in order of first use. `made`: the count of each kind that creates something. */
export interface Writes {
  readonly kinds: readonly string[];
  readonly made: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
}

export interface WriteRecorder {
  readonly writes: () => Writes;
  /** Resolves when the hold's label was set. A hold that ends at once never gets a label. */
  readonly shown: (hold: Hold) => Promise<void>;
}

const LABEL_LIMIT_MS = 60_000;
const MAKING = /^POST (?!.*labels)/;

export function recordWrites(stage: Stage): WriteRecorder {
  const labels = new Set<string>();
  stage.github.onExchange(({ method, route, requestBody }) => {
    if (method !== 'POST' || !route.endsWith('/labels')) return;
    for (const label of (requestBody as { labels?: readonly string[] }).labels ?? []) labels.add(label);
  });
  const writes = (): Writes => {
    const all = stage.github.requests
      .writes()
      .filter(entry => entry.user === BOT && entry.route !== 'git-info-refs')
      .map(entry => `${entry.method} ${entry.route}`);
    const made = Object.fromEntries(
      [...new Set(all)]
        .filter(one => MAKING.test(one))
        .map(one => [one, all.filter(other => other === one).length]),
    );
    return { kinds: [...new Set(all)], made, labels: [...labels].sort() };
  };
  return {
    writes,
    shown: async ({ kind, gate }) => {
      const label = gate === undefined ? `ai:${kind}` : `ai:${kind}-${gate}`;
      await until(`the label ${label}`, () => labels.has(label) || undefined, LABEL_LIMIT_MS);
    },
  };
}
