/** The section `verification` of the policy file. */
import { z } from 'zod';
import { POLICY_COMMAND_CHARS_MAX } from '../contracts/bounds.ts';
import { defaultCommandInputs } from '../git/command-inputs.ts';
import { commands, duration, list } from './policy-kinds.ts';
import { as, section } from './policy-section.ts';

export const verificationSection = section({
  commands: commands(50).describe(
    'list of `name` and `run`; `sh -c` runs each in the root of a fresh checkout. No commands: a concern at the publish gate',
  ),
  testPaths: list.default([]).describe('globs of test files'),
  testCommand: z
    .string()
    .max(POLICY_COMMAND_CHARS_MAX)
    .default('')
    .describe(
      'the command that runs the changed tests; their paths are appended. Empty: no check that they fail on the base',
    ),
  testFileCommand: z
    .string()
    .max(POLICY_COMMAND_CHARS_MAX)
    .default('')
    .describe(
      'the command that runs one test file alone; `{file}`, `{folder}` and `{name}` stand for its path, its folder and its name without the ending, each quoted. Empty: `testCommand` with the path',
    ),
  inputs: list
    .default([...defaultCommandInputs])
    .describe(
      'globs of the files that decide what the commands do. A change of one is a concern that names the lines that differ. Case does not matter',
    ),
  timeout: as('timeoutMs', duration.prefault('20m').describe('the time limit of each command')),
})
  .superRefine(({ testCommand, testFileCommand }, context) => {
    const message = fileCommandProblem(testCommand, testFileCommand);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['testFileCommand'], message });
  })
  .transform(({ testFileCommand, inputs, ...rest }) => ({
    ...rest,
    // Absent by default, so that a policy without these fields keeps the digest that it had before they existed.
    ...(testFileCommand === '' ? {} : { testFileCommand }),
    ...(isDefault(inputs) ? {} : { inputs }),
  }));

function fileCommandProblem(testCommand: string, testFileCommand: string): string | undefined {
  if (testFileCommand === '') return undefined;
  if (testCommand === '') return 'name a testCommand too: it runs the files that are too many to run alone';
  return /\{(?:file|folder|name)\}/.test(testFileCommand)
    ? undefined
    : 'must contain {file}, {folder} or {name}: otherwise it is the same command for every file';
}

function isDefault(inputs: readonly string[]): boolean {
  return inputs.join('\n') === defaultCommandInputs.join('\n');
}
