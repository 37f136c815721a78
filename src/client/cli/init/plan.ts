/** Finds what a repository lacks: labels, issue form, policy. Read-only. */
import { parsePolicyFile, POLICY_PATH } from '../../../config/policy-file.ts';
import { startPolicyText } from '../../../config/start-policy.ts';
import { proposedHeadings, type ProposedHeading } from '../../../config/template-headings.ts';
import type { HeadingMap } from '../../../domain/contract-headings.ts';
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { OUR_LABELS } from '../../../domain/projection.ts';
import type { GitHub } from '../../../github/client.ts';
import { getFile } from '../../../github/files.ts';
import { readTemplates } from '../../../github/issue-templates.ts';
import { type LabelDefinition, missingLabels } from '../../../github/labels.ts';
import { getRef } from '../../../github/refs.ts';
import { getRepository } from '../../../github/repository.ts';
import { CliError, EXIT } from '../exit.ts';
import { ISSUE_FORM_PATH, issueFormText, notAskedBy } from './issue-form.ts';

export interface WantedFile {
  readonly path: string;
  readonly text: string;
  /** Whether the existing file can stay. */
  readonly isFine: (present: string) => boolean;
  readonly why: string;
}

export interface InitPlan {
  readonly defaultBranch: string;
  readonly head: string;
  readonly labelsMissing: readonly LabelDefinition[];
  readonly labelsPresent: readonly string[];
  /** The files to propose. */
  readonly files: readonly WantedFile[];
  readonly kept: readonly string[];
  /** Headings of the repository's own templates that the policy does not map yet. */
  readonly headings: readonly ProposedHeading[];
}

function wantedFiles(headings: readonly ProposedHeading[]): readonly WantedFile[] {
  return [
    {
      path: POLICY_PATH,
      text: startPolicyText(headings),
      isFine: () => true,
      why: 'the initial policy',
    },
    {
      path: ISSUE_FORM_PATH,
      text: issueFormText(),
      isFine: present => notAskedBy(present)?.length === 0,
      why: 'the issue form, with every field of the contract',
    },
  ];
}

export async function initPlan(github: GitHub, repository: RepositoryRef): Promise<InitPlan> {
  const { defaultBranch, archived } = await getRepository(github, repository);
  const name = repositoryName(repository);
  if (archived) throw new CliError(EXIT.no, { what: `${name} is archived`, fix: 'unarchive it' });
  const head = await getRef(github, { ...repository, branch: defaultBranch });
  if (head === undefined)
    throw new CliError(EXIT.no, {
      what: `${name} has no commit on ${defaultBranch} yet`,
      fix: 'push a first commit',
    });
  const paths = [POLICY_PATH, ISSUE_FORM_PATH];
  const present = await Promise.all(
    paths.map(path => getFile(github, { ...repository, path, branch: defaultBranch })),
  );
  const texts = new Map(paths.map((path, index) => [path, present[index]?.text]));
  const templates = await readTemplates(github, { ...repository, ref: defaultBranch });
  const policyText = texts.get(POLICY_PATH);
  const headings = proposedHeadings(templates, mappedIn(policyText));
  const wanted = wantedFiles(headings);
  const lacks = ({ path, isFine }: WantedFile): boolean => {
    const text = texts.get(path);
    return text === undefined || !isFine(text);
  };
  const labels = wantedLabels(policyText);
  const labelsMissing = await missingLabels(github, { ...repository, labels });
  return {
    defaultBranch,
    head,
    labelsMissing,
    labelsPresent: labels.filter(label => !labelsMissing.includes(label)).map(label => label.name),
    files: wanted.filter(lacks),
    kept: wanted.filter(file => !lacks(file)).map(({ path }) => path),
    headings,
  };
}

function mappedIn(policyText = ''): HeadingMap {
  const reading = parsePolicyFile(policyText);
  return 'policy' in reading ? (reading.policy.contract?.headings ?? {}) : {};
}

const RISK_COLORS: Readonly<Record<string, string>> = { low: '0e8a16', medium: 'fbca04', high: 'd93f0b' };
const OPT_IN_COLOR = '5319e7';
const HOLD_COLOR = 'c5def5';

/** The opt-in label comes from the existing policy, if there is one. */
function wantedLabels(policyText: string | undefined): readonly LabelDefinition[] {
  const reading = parsePolicyFile(policyText ?? startPolicyText());
  const optIn = 'policy' in reading ? [reading.policy.optIn.label] : [];
  return [
    ...optIn.map(name => ({ name, color: OPT_IN_COLOR, description: 'Signalbox may work on this issue' })),
    ...OUR_LABELS.map(({ name, says }) => ({
      name,
      color: RISK_COLORS[name.split('-').at(-1) ?? ''] ?? HOLD_COLOR,
      description: says.slice(0, 100),
    })),
  ];
}
