/** The reason of a gate names each part that changed since the approval, judged by what the approval was given for. */
import type { Hold } from '../../../src/domain/step.ts';
import { must } from './invariants.ts';

/** The parts as people read them. */
const PARTS: Readonly<Record<string, string>> = {
  generation: 'generation',
  subject: 'issue text',
  policy: 'policy',
  mode: 'mode',
  risk: 'risk',
  target: 'target branch',
  base: 'base commit',
  patch: 'patch',
  head: 'head commit',
  proof: 'evidence',
  merge: 'merge commit',
};
const WORDS: readonly string[] = ['mode', 'risk'];

type Facts = Readonly<Record<string, string | undefined>>;

/** `given`: the facts of the latest approval at this gate; `now`: the current facts. */
export function checkVoid({ why }: Hold, given: string, now: string): void {
  const told = why.find(line => line.includes('is no longer valid')) ?? '';
  const [was, is] = [given, now].map(facts => JSON.parse(facts) as Facts);
  if (was === undefined || is === undefined) return;
  for (const [part, name] of Object.entries(PARTS)) {
    const saysSo = new RegExp(` the ${name}(?:,|$| \\()`).test(told);
    must('7 told', saysSo === (was[part] !== is[part]), `the ${name} in “${told}”`);
    if (saysSo) checkWords(told, name, [was[part], is[part]]);
  }
}

function checkWords(told: string, name: string, [was, is]: readonly (string | undefined)[]): void {
  if (is === undefined)
    must('7 told', told.includes(`the ${name} (there is none now)`), `the ${name} is gone`);
  else if (WORDS.includes(name))
    must('7 told', told.includes(`the ${name} (${was ?? ''}, now ${is})`), `the ${name} in “${told}”`);
}
