/** The scripted model provider as a service. */
import { greetingFix } from '../../simulator/model/scripts.ts';
import { startModel } from '../../simulator/model/server.ts';
import type { Environment } from '../../src/config/environment.ts';
import { aborted } from '../../src/host/wait.ts';
import { demoSettings, modelSchema } from './settings.ts';
import { demoSignals, tell } from './signals.ts';

export async function runModel(environment: Environment, stop: AbortSignal): Promise<void> {
  const settings = demoSettings(modelSchema, environment);
  const signals = await demoSignals('demo-model', settings);
  const model = await startModel({
    ...settings.DEMO_MODEL_LISTEN,
    script: greetingFix(),
    key: settings.DEMO_MODEL_KEY,
  });
  tell(`scripted model at ${model.url}`);
  signals.ready();
  await aborted(stop);
  await model.close();
  await signals.close();
}
