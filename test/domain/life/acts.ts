/** Everything that can happen to a world, by name: work, people, GitHub, time and faults. `n` selects a variant. */
import type { DecisionRequest } from '../../../src/domain/decision.ts';
import type { Ending } from '../../../src/domain/ending.ts';
import { AGENT_ENDINGS } from '../../../src/domain/ending.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import { MODES } from '../../../src/domain/mode.ts';
import { FACETS } from '../../../src/domain/observation.ts';
import { omit } from '../../../src/domain/omit.ts';
import { DELAY_FAULTS } from './delay-acts.ts';
import { cancelledOf, failureOf, lostOf, ODD } from './flight-ends.ts';
import { issueOf, type Name, NOBODIES, PEOPLE } from './fixtures.ts';
import { headNamed, HEADS } from './branch.ts';
import { change, changeIssue, changePullRequest, pick } from './change.ts';
import { type GitHub, withHead } from './github.ts';
import { type Below, tipBelow } from './merging.ts';
import {
  approvalAsked,
  approve,
  comment,
  decide,
  dismissReviews,
  poke,
  review,
  reviewLine,
  suggest,
} from './people.ts';
import { MERGING_ACTS } from './merging-acts.ts';
import { UPKEEP_FAULTS } from './upkeep-acts.ts';
import type { World } from './world.ts';

type Act = (world: World, n: number) => void;

const ROUNDS_MAX = 120;

/** Answers everything in flight until nothing is; `false` if it never rests. */
export function flow(world: World): boolean {
  world.settle();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (world.effect === undefined && world.upkeep === undefined && world.notice === undefined) return true;
    world.landUpkeep();
    world.land();
    world.landNotice();
  }
  return false;
}

function edited({ github, now }: World, times: number): Pick<GitHub['issue'], 'edits'> {
  return { edits: { count: (github.issue.edits?.count ?? 0) + times, lastAt: now } };
}

export const WORK: Readonly<Record<string, Act>> = {
  'the answers come': world => {
    world.landUpkeep();
    world.land();
  },
  'everything comes to rest': world => void flow(world),
  'the effect is done': world => world.perform(),
  'the effect answers': world => world.land(),
  'the upkeep is done': world => world.performUpkeep(),
  'the upkeep answers': world => world.landUpkeep(),
  'the webhook answers': world => world.landNotice(),
  'a person helps on': (world, n) => help(world, n),
  'the wait is over': world => world.advanceToTimer(),
  'a webhook comes': (world, n) => poke(world, pick(FACETS, n)),
};

/** Gives the approval that is requested: over Temporal, in a comment, or in a review. */
function help(world: World, n: number): void {
  const asked = approvalAsked(world);
  const who = pick(['ann', 'ben'] as const, n);
  if (asked === undefined) {
    decide(world, who, pick([{ kind: 'retry', reason: 'so' }, { kind: 'resume' }] as const, n));
    return;
  }
  if (n % 3 === 0) approve(world, who);
  else if (n % 3 === 1 && asked.gate === 'merge') review(world, who, 'approved');
  else comment(world, who, asked);
  poke(world, 'comments', 'pull-request');
}

const REQUESTS: readonly DecisionRequest[] = [
  { kind: 'pause', reason: 'later' },
  { kind: 'resume' },
  { kind: 'retry' },
  { kind: 'reject', reason: 'not so' },
  { kind: 'escalate', reason: 'help', to: 'lead' },
  { kind: 'assign-release-owner', to: 'ann' },
  { kind: 'verify-release' },
  ...MODES.map(mode => ({ kind: 'set-mode' as const, mode })),
  { kind: 'approve', gate: 'merge', digest: '0123456789ab' },
  { kind: 'approve' },
  { kind: 'answer', reason: 'yes' },
  { kind: 'answer' },
  { kind: 'reject' },
];

export const PEOPLE_ACTS: Readonly<Record<string, Act>> = {
  'a person decides': (world, n) => decide(world, pick(['ann', 'ben'], n), pick(REQUESTS, n)),
  'a person comments': (world, n) => comment(world, pick(['ann', 'ben'] as const, n), pick(REQUESTS, n)),
  'a nobody comments': (world, n) => {
    comment(world, pick(NOBODIES, n), approvalAsked(world) ?? pick(REQUESTS, n));
    poke(world, 'comments');
  },
  'a nobody cancels': (world, n) => {
    comment(world, pick(NOBODIES, n), { kind: 'cancel' });
    poke(world, 'comments');
  },
  'a nobody reviews': (world, n) => {
    review(
      world,
      pick(['robot', 'reader', 'unreadable'] as const, n),
      pick(['approved', 'changes-requested'] as const, n),
    );
    poke(world, 'pull-request');
  },
  'a person approves and the word is on its way': (world, n) => {
    const asked = approvalAsked(world);
    if (asked !== undefined) comment(world, pick(['ann', 'ben'] as const, n), asked);
  },
  'a person asks for changes': (world, n) =>
    review(world, 'ben', n % 3 === 2 ? 'nothing-said' : 'changes-requested'),
  'a person comments on a line': (world, n) => {
    reviewLine(world, pick(['ann', 'ben', 'reader', 'robot'] as const, n));
    poke(world, 'pull-request');
  },
  'a person suggests a change': (world, n) => {
    suggest(world, pick(['ann', 'ben', 'reader', 'robot'] as const, n), n);
    poke(world, 'pull-request');
  },
  'a reviewer approves': world => review(world, 'ben', 'approved'),
  'reviews are dismissed': dismissReviews,
  'a role is taken away': (world, n) => change(world, { demoted: n % 2 === 0 ? ['ben'] : [] }),
  'a person cancels': world => decide(world, 'ann', { kind: 'cancel' }),
  'the issue is edited': (world, n) => {
    const { digest, title } = issueOf({ edition: 1 + (n % 3) });
    if (digest !== world.github.issue.digest) changeIssue(world, { digest, title, ...edited(world, 1) });
  },
  'the issue is edited and restored': world => changeIssue(world, edited(world, 2)),
  'the risk is labelled': (world, n) => changeIssue(world, { labels: pick([['ai'], ['ai', 'security']], n) }),
  'the opt-in changes': (world, n) => changeIssue(world, { optIn: pick(OPT_INS, n) }),
  'the issue is closed or reopened': (world, n) =>
    changeIssue(world, { state: n % 2 === 0 ? 'closed' : 'open' }),
  'the issue is gone or back': (world, n) => {
    const gone = pick(['not-found', undefined, 'transferred', 'deleted'] as const, n);
    world.github = { ...omit(world.github, 'gone'), ...(gone === undefined ? {} : { gone }) };
  },
  'the pull request is drafted': (world, n) => changePullRequest(world, { draft: n % 2 === 0 }),
  'the pull request is closed or reopened': (world, n) =>
    changePullRequest(world, { state: n % 2 === 0 ? 'closed' : 'open' }),
  'the pull request is retargeted': (world, n) =>
    changePullRequest(world, { base: n % 2 === 0 ? 'other' : 'main' }),
  'a person pushes': (world, n) => {
    const heads = ['foreign', HEADS.onTop, HEADS.further, HEADS.replaced, HEADS.refused] as const;
    world.github = withHead(
      world.github,
      n % 2 === 0 ? pick(heads, n / 2) : (world.state.pushed ?? 'foreign'),
    );
  },
  'a person adopts': (world, n) =>
    decide(world, pick(['ann', 'ben'], n), { kind: 'adopt', head: headNamed(world.state, n) }),
  'a person gives the commits up': (world, n) =>
    decide(world, 'ann', { kind: 'retry', reason: `${headNamed(world.state, n)} not so` }),
  'a person merges': world => {
    const head = world.github.pullRequest?.head ?? '';
    if (world.github.pullRequest?.merged === null) change(world, { mergedInto: tipBelow(world.github) });
    changePullRequest(world, { state: 'closed', merged: { commit: `by-hand-${head}`, by: 'ben' } });
  },
  'the default branch moves': (world, n) =>
    change(world, {
      base: `base-${n % 3}`,
      below: pick(BELOW, n),
      ...(n % 4 === 3 ? { movedBelow: ['src/price.ts'] } : {}),
    }),
  'the policy is edited': (world, n) =>
    change(world, {
      policy: {
        ...world.github.policy,
        digest: `sha256:edition-${n % 3}`,
        merge: { ...world.github.policy.merge, by: pick(['scheduler', 'scheduler', 'person'] as const, n) },
      },
    }),
  'the change is reverted or brought back': (world, n) => {
    const how = pick(['gone', 'unclear'] as const, n);
    const lost = {
      where: 'default-branch',
      commit: 'later',
      how,
      paths: ['src/price.ts'],
      pathsInAll: 1,
    } as const;
    world.github = { ...omit(world.github, 'missing'), ...(n % 3 === 2 ? {} : { missing: [lost] }) };
    poke(world, 'deployments');
  },
  'CI reports': (world, n) => {
    const says = pick(['failed', 'passed', 'pending', 'failed', 'unclear', 'missing'] as const, n);
    const again = pick(['passed', 'failed', 'failed', 'pending', 'unclear'] as const, n);
    change(world, { ci: { ...world.github.ci, says, again, base: n % 4 === 3 ? 'failed' : 'passed' } });
    if (n % 5 !== 4) poke(world, 'checks');
  },
  ...MERGING_ACTS,
  'CI cannot run again': (world, n) => {
    const { ci } = world.github;
    change(world, { ci: n % 2 === 0 ? { ...ci, isFixed: true } : omit(ci, 'isFixed') });
  },
  'a deployment tells': (world, n) => {
    const state = pick(['success', 'failure', 'pending'] as const, n);
    change(world, { deployment: { state, containsMerge: n % 5 !== 4, url: '', since: world.now } });
    poke(world, 'deployments');
  },
};

const BELOW: readonly Below[] = [{}, {}, { sameFile: true }, {}, { otherPatch: true }, {}, { fails: true }];

const OPT_INS: readonly GitHub['issue']['optIn'][] = [
  null,
  ...(['ann', 'robot', 'unreadable', 'ann', 'reader'] as readonly Name[]).map(name => ({
    by: PEOPLE[name].account,
    role: PEOPLE[name].role,
  })),
];

export const FAULTS: Readonly<Record<string, Act>> = {
  'the next run ends as': (world, n) =>
    change(world, {
      nextRun: {
        ending: pick<Ending>([...AGENT_ENDINGS, 'patch', 'patch'], n),
        path: pick(['src/price.ts', 'infra/main.tf', 'db/x.sql'], n),
        concern: n % 4 === 3,
      },
    }),
  'the effect fails for good': (world, n) => world.land(failureOf(world, n)),
  'the effect is done and its answer fails': (world, n) => {
    world.perform();
    // A claim that was made is read back as ours, so it never fails as taken by another.
    world.land(failureOf(world, n, world.effect?.effect.kind === 'claim-branch' ? ['BranchTaken'] : []));
  },
  'the host is lost': world => world.land(lostOf(world)),
  'the effect ends as cancelled': world => {
    if (world.effect?.cancelled === true) world.land(cancelledOf(world));
  },
  'the effect is done, cancelled and silent': world => {
    if (world.effect?.cancelled !== true) return;
    world.perform();
    world.land(cancelledOf(world));
  },
  ...UPKEEP_FAULTS,
  ...DELAY_FAULTS,
  'the change is refused': world => {
    const effect = world.effect?.effect;
    if (effect?.kind !== 'build-change') return;
    const refusals = [{ path: '.git/config', reason: 'not allowed' }];
    world.land({ type: 'change-refused', runId: effect.runId, refusals });
  },
  'the answer of another effect comes': (world, n) => {
    if (world.effect === undefined) world.push(pick(STRANGE, n));
  },
  'an odd answer comes': world => {
    const odd = world.effect === undefined ? undefined : ODD[world.effect.effect.kind];
    if (odd !== undefined) world.land(odd);
  },
  'a look comes late': world => {
    const flight = world.upkeep;
    if (flight?.answer !== undefined) world.push(flight.answer);
  },
  'time goes by': (world, n) => world.advance((n + 1) * 3_600_000),
  'the history is continued as new': world => {
    if (world.pause.do === 'rest') world.state = JSON.parse(JSON.stringify(world.state)) as World['state'];
  },
};

/** Facts that no effect asked for; none may be accepted. */
const STRANGE: readonly EventBody[] = [
  ...Object.values(ODD),
  { type: 'claimed', branch: 'ai/issue-9-strange', base: 'strange' },
  { type: 'issue-closed' },
  { type: 'claim-released' },
  { type: 'timer' },
];
