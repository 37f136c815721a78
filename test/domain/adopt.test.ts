/** Commits of others on our branch: who may adopt them, what the word is bound to, and what becomes of them. */
import { describe, expect, test } from '@jest/globals';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { currentRun, runsCounted, spentUsd } from '../../src/domain/facts.ts';
import { shortHead } from '../../src/domain/foreign-head.ts';
import { approvalFor, gateReasons } from '../../src/domain/gate.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { pullRequestBody } from '../../src/domain/pull-request-text.ts';
import type { Hold } from '../../src/domain/step.ts';
import { viewOf } from '../../src/domain/view.ts';
import { flow } from './life/acts.ts';
import { HEADS } from './life/branch.ts';
import { type Name, policyOf } from './life/fixtures.ts';
import { newGitHub, withHead } from './life/github.ts';
import { approve, comment, decide, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

function atMerge(): World {
  const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }));
  flow(world);
  expect(currentHold(world.state)).toBe('gate:merge');
  return world;
}

/** The pull request with commits of others, after a look. */
function withForeign(head: string = HEADS.onTop, world: World = atMerge()): World {
  world.github = withHead(world.github, head);
  poke(world, 'pull-request');
  flow(world);
  return world;
}

function untilEffect(world: World, kind: string): void {
  for (let round = 0; round < 60 && world.effect?.effect.kind !== kind; round++) {
    world.settle();
    if (world.upkeep === undefined) world.land();
    else world.landUpkeep();
  }
}

function hold(world: World): Hold {
  const step = nextStep(world.state);
  if (step.kind !== 'hold') throw new Error(`no hold: ${step.kind}`);
  return step.hold;
}

function say(world: World, head: string | undefined, by = 'ann'): World {
  decide(world, by, { kind: 'adopt', ...(head === undefined ? {} : { head }) });
  flow(world);
  return world;
}

const refused = (world: World): string => world.state.refusedDecision?.why ?? '';

describe('the hold', () => {
  test('names the commits and their authors, and what a person can type', () => {
    const { why, what } = hold(withForeign());
    expect(why[0]).toBe(`the branch has 1 commit by ben, not verified (head ${shortHead(HEADS.onTop)})`);
    expect(why[1]).toBe(`commit ${shortHead(HEADS.onTop)} by ben, without a verified signature`);
    expect(what).toContain(`/adopt ${shortHead(HEADS.onTop)} takes them in`);
    expect(what).toContain(`/retry ${shortHead(HEADS.onTop)} gives them up`);
    expect(what).toContain('/cancel');
  });

  test('tells whose approval does not cover them', () => {
    const world = atMerge();
    world.github = withHead(world.github, HEADS.onTop);
    approve(world);
    poke(world, 'pull-request');
    flow(world);
    expect(hold(world).why[0]).toContain('the approval by ann covers only');
    expect(world.github.made.merges).toBe(0);
  });

  test('shows the view a client needs to ask before it adopts', () => {
    expect(viewOf(withForeign().state).foreign).toEqual({
      ...{ head: HEADS.onTop, total: 1, problem: null },
      commits: [{ id: HEADS.onTop, by: 'ben', isSigned: false }],
    });
    expect(viewOf(withForeign(HEADS.replaced).state).foreign?.problem).toContain('was replaced');
    expect(viewOf(atMerge().state)).not.toHaveProperty('foreign');
  });

  test('for another reason shows them too, and /adopt ends it', () => {
    const world = atMerge();
    decide(world, 'ann', { kind: 'reject', reason: 'I will do it' });
    flow(world);
    withForeign(HEADS.onTop, world);
    expect(hold(world)).toMatchObject({ kind: 'blocked', what: expect.stringContaining('/adopt') });
    expect(currentHold(say(world, HEADS.onTop).state)).toBe('gate:publish');
  });
});

describe('/adopt', () => {
  test('is for exactly the head that the branch has', () => {
    const world = withForeign();
    for (const head of [HEADS.further, shortHead(HEADS.further)])
      expect(refused(say(world, head))).toBe(
        `the head of the branch is ${shortHead(HEADS.onTop)}, not ${head}`,
      );
    expect(refused(say(world, undefined))).toBe(
      `name the head that you adopt: /adopt ${shortHead(HEADS.onTop)}`,
    );
    expect(refused(say(world, HEADS.onTop.slice(0, 6)))).toContain('the head of the branch is');
    expect(world.state.adoption).toBeUndefined();
    say(world, HEADS.onTop.slice(0, 7));
    expect(world.state.adoption).toMatchObject({ head: HEADS.onTop, by: { login: 'ann' } });
  });

  test.each(['robot', 'reader', 'unreadable', 'rewriter'] as const)('by %s is refused', by => {
    const world = withForeign();
    commentAdopt(world, by);
    expect(world.state.adoption).toBeUndefined();
    expect(world.state.refusedDecision).toMatchObject({ kind: 'adopt' });
    commentAdopt(world, 'ann');
    expect(world.state.adoption).toBeDefined();
  });

  test.each([
    ['without commits of others', [() => atMerge(), HEADS.onTop], 'the branch has no commits by others'],
    ['while paused', [() => paused(withForeign()), HEADS.onTop], 'the issue is paused; /resume first'],
    [
      'twice',
      [() => say(withForeign(), HEADS.onTop), HEADS.onTop],
      `${shortHead(HEADS.onTop)} is being adopted already`,
    ],
    [
      'of a replaced branch',
      [() => withForeign(HEADS.replaced), HEADS.replaced],
      `the head ${shortHead(HEADS.replaced)} cannot be adopted: the branch was replaced: it does not contain the commit of Signalbox any more`,
    ],
    [
      'before the commits were read',
      [() => withForeign('foreign'), HEADS.onTop],
      'the head foreign cannot be adopted: its commits have not been read yet; try again in a moment',
    ],
  ] as const)('%s is refused by name', (_, arranged, why) => {
    const [arrange, head] = arranged;
    expect(refused(say(arrange(), head))).toBe(why);
  });
});

function commentAdopt(world: World, by: Name): void {
  comment(world, by, { kind: 'adopt', head: shortHead(HEADS.onTop) });
  poke(world, 'comments');
  flow(world);
}

function paused(world: World): World {
  decide(world, 'ann', { kind: 'pause' });
  return world;
}

describe('an adopted change', () => {
  test('is built, verified and asked for again, costs no attempt and no money, and is merged from our own commit', () => {
    const world = withForeign();
    const [attempts, spent] = [runsCounted(world.state, 'own'), spentUsd(world.state)];
    say(world, HEADS.onTop);
    expect(currentHold(world.state)).toBe('gate:publish');
    expect(hold(world).why.join()).toContain(
      `1 commit by ben on the branch (head ${shortHead(HEADS.onTop)}), adopted by ann`,
    );
    expect(world.state.verification?.commit).toBe(world.state.change?.commit);
    expect([runsCounted(world.state, 'own'), spentUsd(world.state)]).toEqual([attempts, spent]);
    expect(world.github.pullRequest?.head).toBe(HEADS.onTop);
    approve(world);
    flow(world);
    expect(currentHold(world.state)).toBe('gate:merge');
    expect(world.github.pullRequest?.head).toBe(world.state.change?.commit);
    expect(pullRequestBody(world.state)).toContain('made by a coding agent and people');
    expect(pullRequestBody(world.state)).toContain('adopted by ann');
    approve(world);
    flow(world);
    expect(world.github.made).toMatchObject({ merges: 1, pullRequests: 1 });
    expect(world.state.merge?.head).toBe(world.state.change?.commit);
  });

  test('is void as soon as the head moves, and nothing of the new head is overwritten', () => {
    const world = say(withForeign(), HEADS.onTop);
    withForeign(HEADS.further, world);
    expect(world.state.adoption).toBeUndefined();
    expect(hold(world).what).toContain(`/adopt ${shortHead(HEADS.further)}`);
    expect(currentRun(world.state)?.adopted).toBeUndefined();
    expect(world.github.branch?.head).toBe(HEADS.further);
    expect(world.state.audit.records.map(({ cause }) => cause)).toContain(
      `what was said about the head ${shortHead(HEADS.onTop)} is void: the branch moved to ${shortHead(HEADS.further)}`,
    );
  });

  test('whose files are read when the head has moved already is no surprise', () => {
    for (const head of [HEADS.onTop, HEADS.refused] as const) {
      const world = withForeign(head);
      decide(world, 'ann', { kind: 'adopt', head });
      untilEffect(world, 'adopt-commits');
      world.perform();
      world.github = withHead(world.github, HEADS.further);
      poke(world, 'pull-request');
      world.landUpkeep();
      flow(world);
      expect(world.state.blocked).toBeUndefined();
      expect(hold(world).what).toContain(`/adopt ${shortHead(HEADS.further)}`);
      expect(currentHold(say(world, HEADS.further).state)).toBe('gate:publish');
    }
  });

  test('that arrived on the branch counts, also if the head moved on before we knew', () => {
    const world = say(withForeign(), HEADS.onTop);
    approve(world);
    untilEffect(world, 'push-commit');
    world.perform();
    const adopted = world.state.change?.commit;
    world.github = withHead(world.github, HEADS.further);
    poke(world, 'pull-request');
    world.landUpkeep();
    flow(world);
    expect(currentRun(world.state)?.adopted?.head).toBe(HEADS.onTop);
    decide(world, 'ann', { kind: 'retry', reason: HEADS.further });
    flow(world);
    expect(world.github.branch?.head).toBe(adopted);
  });

  test('that is refused stays on the branch, and a newer head can be adopted', () => {
    const world = say(withForeign(HEADS.refused), HEADS.refused);
    expect(hold(world).why.join()).toContain(
      `the commits up to ${shortHead(HEADS.refused)} were not adopted: it is not allowed`,
    );
    expect(hold(world).what).toContain('push a commit that fixes it');
    withForeign(HEADS.further, world);
    expect(currentHold(say(world, HEADS.further).state)).toBe('gate:publish');
  });

  test('that a later attempt leaves out is named at the publish gate', () => {
    const world = say(withForeign(), HEADS.onTop);
    approve(world);
    flow(world);
    review(world, 'ben', 'changes-requested');
    poke(world, 'pull-request');
    flow(world);
    expect(currentHold(world.state)).toBe('gate:publish');
    expect(gateReasons(world.state, 'publish').join()).toContain(
      'the change leaves out 1 commit by ben, adopted in attempt 2',
    );
  });
});

describe('/retry with commits of others on the branch', () => {
  test('is refused without their head, with what can be said', () => {
    const world = withForeign();
    decide(world, 'ann', { kind: 'retry', reason: 'please' });
    expect(refused(world)).toContain(`/adopt ${shortHead(HEADS.onTop)}`);
    expect(refused(world)).toContain(`/retry ${shortHead(HEADS.onTop)}`);
    expect(world.state.dropped).toBeUndefined();
    decide(world, 'ann', { kind: 'retry', reason: shortHead(HEADS.further) });
    expect(refused(world)).toContain('the head of the branch is');
  });

  test('puts our verified commit back in place of exactly that head, and the merge is asked for again', () => {
    const world = atMerge();
    review(world, 'ben', 'approved');
    world.github = withHead(world.github, HEADS.onTop);
    poke(world, 'pull-request');
    flow(world);
    const ours = world.state.change?.commit;
    decide(world, 'ann', { kind: 'retry', reason: `${shortHead(HEADS.onTop)} not like this` });
    flow(world);
    expect(world.github.pullRequest?.head).toBe(ours);
    expect(currentHold(world.state)).toBe('gate:merge');
    expect(approvalFor(world.state, 'merge')).toBeUndefined();
    expect(world.state.rejections.at(-1)?.reason).toBe('ann said with /retry: not like this');
    expect(world.state.runs).toHaveLength(1);
  });
});

describe('commits of others before our first push', () => {
  function beforePush(): World {
    const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }));
    untilEffect(world, 'push-commit');
    world.github = withHead(world.github, HEADS.onTop);
    flow(world);
    return world;
  }

  test('are named, and can be adopted or given up', () => {
    expect(hold(beforePush()).what).toContain(`/adopt ${shortHead(HEADS.onTop)}`);
    expect(currentHold(say(beforePush(), HEADS.onTop).state)).toBe('gate:publish');
    const world = beforePush();
    decide(world, 'ann', { kind: 'retry', reason: shortHead(HEADS.onTop) });
    flow(world);
    expect(currentHold(world.state)).toBe('gate:merge');
  });

  test('that were taken back are no hold after a plain /retry', () => {
    const world = beforePush();
    world.github = withHead(world.github, world.state.claim?.base ?? '');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(currentHold(world.state)).toBe('gate:merge');
  });
});
