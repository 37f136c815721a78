/** One issue by hand: the work of the scheduler and the runner, in one process and for one person. */
import { PermanentFailure, TransientFailure } from '../activities/effect-failure.ts';
import type { ByHand, HandAsk, HandHooks, HandResult } from '../client/cli/run/by-hand.ts';
import { CliError, EXIT } from '../client/cli/exit.ts';
import { processSettings } from '../config/environment.ts';
import { GitError } from '../git/git-error.ts';
import { secretKindsIn } from '../git/secret-scan.ts';
import { agentFor } from './by-hand/agent.ts';
import { writeEvidence } from './by-hand/folder.ts';
import { prepareContext } from './by-hand/context.ts';
import { completeContract } from './by-hand/contract.ts';
import { handLine } from './by-hand/line.ts';
import { modelKeyFor, withModelGateway } from './by-hand/model.ts';
import { openPlace } from './by-hand/place.ts';
import { readSource } from './by-hand/source.ts';
import { trustedTier } from './trusted-tier.ts';

export const byHand: ByHand = async (ask, hooks) => {
  try {
    return await run(ask, hooks);
  } catch (error) {
    if (hooks.signal.aborted) hooks.say('interrupted: all files of this run were removed');
    hooks.signal.throwIfAborted();
    throw readableError(error);
  }
};

/** Checks everything that can be checked before it creates anything. */
async function run(ask: HandAsk, hooks: HandHooks): Promise<HandResult> {
  await refuseSecrets(ask);
  const source = await readSource(ask, hooks.say);
  const contract = completeContract(ask, source.policy, hooks);
  const agent = await agentFor(ask, source.policy);
  const modelKey = modelKeyFor(ask, agent);
  const tier = await trustedTier(processSettings(ask.values), {
    info: () => undefined,
    warn: (_fields, text) => hooks.say(text),
  });
  hooks.signal.throwIfAborted();
  const place = await openPlace(ask, source.repository, hooks.say);
  try {
    const context = await prepareContext({ ask, source, contract, place, tier, agent }, hooks);
    const done = await withModelGateway({ ask, place, modelKey, hooks }, () => handLine(context, hooks));
    hooks.signal.throwIfAborted();
    return await writeEvidence(context, done);
  } catch (error) {
    await place.discard();
    throw error;
  } finally {
    await place.leave();
  }
}

/** The text of the issue is sent to the model and kept in the evidence. */
async function refuseSecrets({ issue }: HandAsk): Promise<void> {
  const kinds = await secretKindsIn(`${issue.title}\n${issue.body}`);
  if (kinds.length > 0)
    throw new CliError(EXIT.no, {
      what: `${issue.name} contains what looks like a secret (${kinds.join(', ')})`,
      fix: 'remove it from the text, and revoke it',
    });
}

/** Turns a named failure into an error for a person: a run by hand retries nothing. */
function readableError(error: unknown): unknown {
  const isNamed =
    error instanceof PermanentFailure || error instanceof TransientFailure || error instanceof GitError;
  return isNamed ? new CliError(EXIT.no, error.message) : error;
}
