/** Reads an issue: its text with the contract and the risk, and who opted it in. */
import { randomBytes } from 'node:crypto';
import type { EffectContext, LookInput } from '../../contracts/activities.ts';
import { type ContractReading, parseContract } from '../../domain/contract.ts';
import { visible } from '../../domain/invisible.ts';
import type { ObservedIssue } from '../../domain/observation.ts';
import type { Policy } from '../../domain/policy.ts';
import { otherTextOf } from '../../domain/other-text.ts';
import { riskOfText } from '../../domain/risk.ts';
import { hideSecrets } from '../../git/secret-rules.ts';
import { secretKindsIn } from '../../git/secret-scan.ts';
import { getIssue, type Issue, listOptIns, saysWhoLabelled, whoLabelled } from '../../github/issues.ts';
import { roleOf } from '../../github/roles.ts';
import { loadPolicy, putCanonical, type Snapshot } from '../stored.ts';
import { accountType } from './account-type.ts';
import type { KnownTexts } from './issue-templates.ts';
import type { SchedulerPorts } from './ports.ts';

/** Nobody guesses or computes it. */
const SECRET_BYTES = 16;

export interface ReadIssuePorts extends SchedulerPorts {
  readonly knownTexts: KnownTexts;
}

export interface ReadIssue {
  readonly reading: ObservedIssue;
  /** How many comments the issue has. */
  readonly comments: number;
}

export async function readIssue(ports: ReadIssuePorts, { context, optedIn }: LookInput): Promise<ReadIssue> {
  const { owner, repo, number } = context.issue;
  const rules = await loadPolicy(ports.artifacts, context.policy);
  const issue = await getIssue(ports.github, { owner, repo, issue: number });
  const reading = await observed(ports, { owner, repo, issue, optedIn, context }, rules);
  return { reading, comments: issue.comments };
}

/** Hidden text that comes from the repository's own templates is known. */
async function readContract(
  { knownTexts }: ReadIssuePorts,
  body: string,
  { context, policy }: { readonly context: EffectContext; readonly policy: Policy },
): Promise<ContractReading> {
  const { headings = {} } = policy.contract ?? {};
  const reading = parseContract(body, { headings });
  return reading.hidden.length === 0
    ? reading
    : parseContract(body, { headings, known: await knownTexts(context) });
}

interface Found {
  readonly owner: string;
  readonly repo: string;
  readonly issue: Issue;
  readonly optedIn: LookInput['optedIn'];
  readonly context: EffectContext;
}

async function observed(ports: ReadIssuePorts, found: Found, policy: Policy): Promise<ObservedIssue> {
  const { issue, context } = found;
  const snapshot: Snapshot = { version: 1, title: visible(issue.title), body: visible(issue.body) };
  const reading = await readContract(ports, snapshot.body, { context, policy });
  const { contract, missing, unclear, unread } = reading;
  const secrets = await secretNotes(`${issue.title}\n${issue.body}`);
  const isSecret = secrets.length > 0;
  const wordRisk = riskOfText(`${snapshot.title}\n${snapshot.body}`, policy.risk);
  return {
    digest: await putCanonical(ports.artifacts, snapshot),
    title: hideSecrets(snapshot.title),
    url: issue.htmlUrl,
    author: issue.author,
    state: issue.state,
    ...closerOf(issue),
    labels: issue.labels,
    ...(issue.milestone === undefined ? {} : { milestone: hideSecrets(issue.milestone) }),
    updatedAt: Date.parse(issue.updatedAt),
    secret: randomBytes(SECRET_BYTES).toString('hex'),
    contract: {
      missing,
      unclear: [...secrets, ...(isSecret ? unclear.map(withoutQuote) : unclear)].map(hideSecrets),
      ...(unread === undefined ? {} : { unread }),
      ...(contract.mode === undefined ? {} : { mode: contract.mode }),
      ...(contract.declaredRisk === undefined ? {} : { declaredRisk: contract.declaredRisk }),
      ...otherOf(reading, isSecret),
      wordRisk: { ...wordRisk, reasons: wordRisk.reasons.map(hideSecrets) },
    },
    ...(await optIn(ports, found, policy.optIn.label)),
  };
}

function closerOf({ state, closedBy }: Issue): Pick<ObservedIssue, 'closedBy'> {
  if (state === 'open' || closedBy === undefined) return {};
  return { closedBy: { login: closedBy.login, type: accountType(closedBy.type) } };
}

function otherOf({ other }: ContractReading, isSecret: boolean): Pick<ObservedIssue['contract'], 'other'> {
  const found = otherTextOf(other, { isSecret });
  return found === undefined ? {} : { other: found };
}

/** A secret that is split or encoded cannot be hidden within a text, so nothing that stands in the issue is repeated. */
function withoutQuote(problem: string): string {
  const [from, to] = [problem.indexOf('“'), problem.lastIndexOf('”')];
  return from === -1 || to < from
    ? problem
    : `${problem.slice(0, from)}(not repeated)${problem.slice(to + 1)}`;
}

/** The text is sent to the model, so the start gate asks first. The secret itself is never repeated. */
async function secretNotes(text: string): Promise<readonly string[]> {
  const kinds = await secretKindsIn(text);
  if (kinds.length === 0) return [];
  const what = `the text contains what looks like a secret (${kinds.join(', ')})`;
  return [`${what}, which would be sent to the model: remove it from the issue, and revoke it`];
}

/** The opt-in depends on who added the label, so a label without an event is no opt-in. */
async function optIn(
  { github }: SchedulerPorts,
  { owner, repo, issue, optedIn }: Found,
  label: string,
): Promise<Pick<ObservedIssue, 'optIn' | 'lastAct' | 'eventsReadTo'>> {
  if (!issue.labels.some(given => given.toLowerCase() === label.toLowerCase())) return { optIn: null };
  // The policy may name another label now, which somebody else has added.
  const before = optedIn?.readTo.label === label ? optedIn : undefined;
  const { acts, newest } = await listOptIns(github, {
    ...{ owner, repo, issue: issue.number, label },
    enough: (found, oldest) => saysWhoLabelled(found) || (before !== undefined && oldest <= before.readTo.id),
  });
  const known = {
    lastAct: Math.max(0, ...acts.map(({ id }) => id)),
    eventsReadTo: { id: newest, label },
  };
  const labelled = whoLabelled(acts);
  const by =
    labelled === undefined ? before?.by : { login: labelled.login, type: accountType(labelled.type) };
  if (by === undefined) return { optIn: null, ...known };
  return { optIn: { by, role: await roleOf(github, { owner, repo, login: by.login }) }, ...known };
}
