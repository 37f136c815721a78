/** The types of values in the policy file, each with its limits. */
import { z } from 'zod';
import { hostEntryProblem } from '../box/egress/allow-list.ts';
import { POLICY_COMMAND_CHARS_MAX, TASK_PATH_CHARS_MAX } from '../contracts/bounds.ts';
import { ROLES } from '../domain/policy.ts';
import { RISKS } from '../domain/risk.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';

export const duration = z
  .string()
  .regex(DURATION_FORM, 'a duration such as 90s, 30m, 2h or 3d')
  .transform(text => parseDuration(text) ?? 0);

export const word = z.string().min(1).max(200);
export const list = z.array(word).max(200);
export const role = z.enum(ROLES);
export const risk = z.enum(RISKS);
export const login = z
  .string()
  .regex(/^[A-Za-z0-9-]{0,39}$/, 'the GitHub login of a person, without @; a bot (…[bot]) cannot be asked');

export const repositoryFile = z
  .string()
  .max(TASK_PATH_CHARS_MAX)
  .regex(
    /^(?!\.{0,2}\/)(?!.*\/(?:\.{0,2}\/|\.{0,2}$))[\w@+., /-]+$/,
    'a plain file path, relative to the root of the repository',
  );
export const host = word.superRefine((text, context) => {
  const problem = hostEntryProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});
export const commands = (most: number) =>
  z
    .array(z.strictObject({ name: word, run: z.string().min(1).max(POLICY_COMMAND_CHARS_MAX) }))
    .max(most)
    .default([]);

/** Values that raise the risk to a level. */
export const riskLists = z
  .strictObject({ medium: list.exactOptional(), high: list.exactOptional() })
  .prefault({});
