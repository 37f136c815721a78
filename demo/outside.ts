/** What is outside of Signalbox on a local stage: a simulated GitHub with the demo's people, and a scripted model. */
import { randomBytes } from 'node:crypto';
import { startGitHub, type GitHubSimulator } from '../simulator/github/server.ts';
import type { ScriptChoice } from '../simulator/model/script.ts';
import { greetingFix } from '../simulator/model/scripts.ts';
import { type ScriptedModel, startModel } from '../simulator/model/server.ts';
import type { Environment } from '../src/config/environment.ts';
import { reservePorts } from '../src/local/ports.ts';
import { demoUsers } from './project.ts';

const PRICES = { '*': { inputUsdPerMillion: 1, cachedInputUsdPerMillion: 0.1, outputUsdPerMillion: 8 } };

/** As many as GitHub's own tokens have after their prefix. */
const TOKEN_CHARS = 36;

/** Secrets that only the process that needs each may hold. */
export interface OutsideSecrets {
  readonly modelKey: string;
  readonly webhookSecret: string;
  /** Of the scheduler. */
  readonly botToken: string;
  /** Reads source. */
  readonly sourceToken: string;
}

export interface Outside {
  readonly github: GitHubSimulator;
  readonly model: ScriptedModel;
  readonly secrets: OutsideSecrets;
  /** The token of the person who maintains the project. */
  readonly personToken: string;
  /** The settings by which processes reach it; each process gets only those that it needs. */
  readonly values: Environment;
  readonly close: () => Promise<void>;
}

/** `folder` keeps the repositories of the simulated GitHub. */
export async function openOutside(folder: string, script: ScriptChoice = greetingFix()): Promise<Outside> {
  const [gatewayPort = 0] = await reservePorts([
    { port: 0, what: 'the gateway', setting: 'SIGNALBOX_GATEWAY_PORT' },
  ]);
  const [botToken, sourceToken, personToken] = [token(), token(), token()];
  const [modelKey, webhookSecret] = [secret(), secret()];
  const model = await startModel({ script, key: modelKey });
  const github = await startGitHub({
    dataDir: folder,
    webhook: { url: `http://127.0.0.1:${gatewayPort}/webhooks`, secret: webhookSecret },
    users: demoUsers({ bot: botToken, source: sourceToken, person: personToken }),
  });
  return {
    github,
    model,
    secrets: { modelKey, webhookSecret, botToken, sourceToken },
    personToken,
    values: {
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: botToken,
      SIGNALBOX_SOURCE_TOKEN: sourceToken,
      SIGNALBOX_WEBHOOK_SECRET: webhookSecret,
      SIGNALBOX_GATEWAY_PORT: String(gatewayPort),
      SIGNALBOX_MODEL_BASE_URL: model.url,
      SIGNALBOX_MODEL_PRICES: JSON.stringify(PRICES),
    },
    close: async () => {
      await Promise.allSettled([github.close(), model.close()]);
    },
  };
}

function secret(): string {
  return randomBytes(20).toString('hex');
}

function token(): string {
  return `ghp_${secret().slice(0, TOKEN_CHARS)}`;
}
