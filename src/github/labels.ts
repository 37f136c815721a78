/** Labels of an issue and of the repository. Every call is safe to repeat. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import type { GetIssueInput } from './issues.ts';
import { saysExists } from './messages.ts';
import { askPages } from './pages.ts';

export interface LabelDefinition {
  readonly name: string;
  /** Six hex digits without `#`. */
  readonly color: string;
  readonly description: string;
}

export interface LabelsInput extends GetIssueInput {
  readonly labels: readonly string[];
}

/** Returns all labels that the issue has afterwards. */
export async function addLabels(
  github: GitHub,
  { owner, repo, issue, labels }: LabelsInput,
): Promise<string[]> {
  return await ask(
    github.rest.issues.addLabels({ owner, repo, issue_number: issue, labels: [...labels] }),
    Names,
  );
}

/** Replaces every label of the issue, including those of people: only for a repair that has just read them. */
export async function setLabels(
  github: GitHub,
  { owner, repo, issue, labels }: LabelsInput,
): Promise<string[]> {
  return await ask(
    github.rest.issues.setLabels({ owner, repo, issue_number: issue, labels: [...labels] }),
    Names,
  );
}

/** A missing label counts as removed. */
export async function removeLabel(
  github: GitHub,
  input: GetIssueInput & { readonly label: string },
): Promise<void> {
  const { owner, repo, issue, label } = input;
  try {
    await ask(github.rest.issues.removeLabel({ owner, repo, issue_number: issue, name: label }), Names);
  } catch (error) {
    if (!isFailure(error, 'not-found')) throw error;
  }
}

export interface EnsureLabelsInput extends RepositoryName {
  readonly labels: readonly LabelDefinition[];
}

/** The labels that the repository lacks, compared by name only. */
export async function missingLabels(
  github: GitHub,
  { owner, repo, labels }: EnsureLabelsInput,
): Promise<readonly LabelDefinition[]> {
  const present = await askPages({
    what: `the labels of ${owner}/${repo}`,
    send: at => github.rest.issues.listLabelsForRepo({ owner, repo, ...at }),
    schema: Names,
  });
  const known = new Set(present.map(name => name.toLowerCase()));
  return labels.filter(label => !known.has(label.name.toLowerCase()));
}

/** Creates missing labels and leaves existing ones unchanged. Returns the created names. */
export async function ensureLabels(
  github: GitHub,
  { owner, repo, labels }: EnsureLabelsInput,
): Promise<string[]> {
  const missing = await missingLabels(github, { owner, repo, labels });
  for (const label of missing) await createLabel(github, { owner, repo, ...label });
  return missing.map(label => label.name);
}

const Names = z.array(z.object({ name: z.string() }).transform(label => label.name));
const Label = z.object({ name: z.string() });

async function createLabel(github: GitHub, label: RepositoryName & LabelDefinition): Promise<void> {
  try {
    await ask(github.rest.issues.createLabel({ ...label }), Label);
  } catch (error) {
    if (!isFailure(error, 'invalid') || !saysExists(error.message)) throw error;
  }
}
