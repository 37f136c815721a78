/** Joins the policy of the default branch with the commands of the target branch's own file. */
import { omit } from './omit.ts';
import type { Policy, PolicyValues } from './policy.ts';

/**
 * Only what is run is taken, never what may be done: who decides, gates, limits, paths, hosts and times stay those of the
 * default branch, because more people can push to a target branch.
 */
export function withCommandsOf(rules: Policy, own: PolicyValues): PolicyValues {
  const { setUp, verification } = rules;
  const { commands, testPaths, testCommand, testFileCommand, inputs } = own.verification;
  return {
    ...omit(rules, 'digest'),
    setUp: { ...setUp, commands: own.setUp.commands, inputs: own.setUp.inputs },
    verification: {
      commands,
      testPaths,
      testCommand,
      ...(testFileCommand === undefined ? {} : { testFileCommand }),
      ...(inputs === undefined ? {} : { inputs }),
      timeoutMs: verification.timeoutMs,
    },
  };
}
