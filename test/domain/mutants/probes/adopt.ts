/** Commits of others on our branch: adopted, given up, refused, or moved on meanwhile. */
import { shortHead } from '../../../../src/domain/foreign-head.ts';
import { HEADS } from '../../life/branch.ts';
import { withHead } from '../../life/github.ts';
import { AUTO, type Probe, probe, type Scene } from '../scene.ts';

const pushed = (life: Scene, head: string): Scene =>
  life
    .do(world => {
      world.github = withHead(world.github, head);
    })
    .poked()
    .flow();
const adopt = (life: Scene, head: string, by = 'ann'): Scene =>
  life.decide(by, { kind: 'adopt', head: shortHead(head) });
const giveUp = (life: Scene, head: string): Scene =>
  life.decide('ann', { kind: 'retry', reason: shortHead(head) });
/** Commits of others appear in front of the push. */
const beforePush = (life: Scene, head: string): Scene =>
  life
    .untilEffect('push-commit')
    .do(world => {
      world.github = withHead(world.github, head);
    })
    .flow();

export const ADOPT_PROBES: readonly Probe[] = [
  probe('commits of others are adopted and merged', AUTO, life =>
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop)
      .flow()
      .until(),
  ),
  probe('commits of others are adopted in a comment', AUTO, life =>
    pushed(life.until('merge'), HEADS.onTop)
      .comment('ann', { kind: 'adopt', head: shortHead(HEADS.onTop) })
      .flow()
      .until(),
  ),
  probe('nobody adopts', AUTO, life => {
    pushed(life.until('merge'), HEADS.onTop);
    for (const by of ['robot', 'reader', 'unreadable', 'rewriter'] as const)
      life.comment(by, { kind: 'adopt', head: shortHead(HEADS.onTop) }).flow();
    life.until();
  }),
  probe('an approval of the merge does not cover commits of others', AUTO, life => {
    life.until('merge').do(world => {
      world.github = withHead(world.github, HEADS.onTop);
    });
    adopt(life.approve().flow().poked().flow(), HEADS.onTop).flow().until();
  }),
  probe('another head is named, too few digits, or none', AUTO, life => {
    pushed(life.until('merge'), HEADS.onTop);
    adopt(life, HEADS.further)
      .decide('ann', { kind: 'adopt', head: 'f0f0' })
      .decide('ann', { kind: 'adopt' });
    giveUp(life, HEADS.further).decide('ann', { kind: 'retry' }).flow();
    adopt(adopt(life, HEADS.onTop), HEADS.onTop).flow().until();
  }),
  probe('nothing is there to adopt', AUTO, life => {
    adopt(life.until('merge'), HEADS.onTop).decide('ann', { kind: 'adopt' }).flow();
    adopt(life.until(), HEADS.onTop);
  }),
  probe('the head moves on after it was adopted', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).untilEffect('adopt-commits');
    pushed(life, HEADS.further);
    adopt(life, HEADS.further).flow().until();
  }),
  probe('the head moves on after the adopted commits were read', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).until('publish');
    pushed(life, HEADS.further);
    giveUp(life, HEADS.further).flow().until();
  }),
  probe('the commits are taken back after they were adopted', AUTO, life => {
    life.until('merge');
    const ours = life.world.state.pushed ?? '';
    adopt(pushed(life, HEADS.onTop), HEADS.onTop).until('publish');
    pushed(life, ours).until();
  }),
  probe('the head moves on before the push of adopted commits, unseen', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop)
      .until('publish')
      .approve();
    adopt(beforePush(life, HEADS.further), HEADS.further).flow().until();
  }),
  probe('the push of adopted commits is done, and its answer lost', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop)
      .until('publish')
      .approve();
    life.untilEffect('push-commit').act('the effect is done').poked().act('the upkeep answers');
    life.fail('GitHubForbidden').flow().until();
  }),
  probe('commits of others are given up', [AUTO, { ...AUTO, publish: 'always' }], life =>
    giveUp(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop)
      .flow()
      .until(),
  ),
  probe('the approval of the merge ends when commits are given up', AUTO, life => {
    life.until('merge').review('ben', 'approved');
    giveUp(pushed(life, HEADS.onTop), HEADS.onTop).flow().until();
  }),
  probe('commits are given up, and the head moves on', AUTO, life => {
    giveUp(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).untilEffect('push-commit');
    giveUp(beforePush(life, HEADS.further), HEADS.further).flow().until();
  }),
  probe('a replaced branch cannot be adopted, only given up', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.replaced), HEADS.replaced).flow();
    giveUp(life, HEADS.replaced).flow().until();
  }),
  probe('the adopted commits are refused when they are read', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.refused), HEADS.refused).flow();
    adopt(pushed(life, HEADS.further), HEADS.further).flow().until();
  }),
  probe('the adopted commits are refused when they are built', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).untilEffect('build-change');
    giveUp(life.act('the change is refused').flow(), HEADS.onTop).flow().until();
  }),
  probe('adopted commits are rejected, and another attempt leaves them out', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).until('publish');
    life.decide('ann', { kind: 'reject', reason: 'not so' }).decide('ann', { kind: 'retry' }).flow().until();
  }),
  probe('the issue is edited after commits were adopted', AUTO, life =>
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop)
      .until('merge')
      .told('the issue is edited', 1)
      .flow()
      .until(),
  ),
  probe('changes are asked for, without a word, and a head is no word', AUTO, life => {
    life.until('merge').told('a person asks for changes', 2).flow();
    giveUp(pushed(life, HEADS.onTop), HEADS.onTop).flow();
    life
      .decide('ann', { kind: 'retry', reason: `${shortHead(HEADS.onTop)} round once` })
      .flow()
      .until();
  }),
  probe('changes are asked for, without a word, and commits are adopted', AUTO, life => {
    life.until('merge').do(world => {
      world.github = withHead(world.github, world.state.pushed ?? '');
    });
    life.told('a person asks for changes', 2).flow();
    adopt(pushed(life, HEADS.onTop), HEADS.onTop).flow().until();
  }),
  probe('commits are adopted while it is paused or escalated', AUTO, life => {
    pushed(life.until('merge'), HEADS.onTop).decide('ann', { kind: 'pause' });
    adopt(life, HEADS.onTop).decide('ann', { kind: 'resume' });
    life.decide('ann', { kind: 'escalate', reason: 'look' });
    adopt(life, HEADS.onTop).flow().until();
  }),
  probe('others push before our first push', AUTO, life =>
    adopt(beforePush(life, HEADS.onTop), HEADS.onTop).flow().until(),
  ),
  probe('others push before our first push, and take it back', AUTO, life => {
    beforePush(life, HEADS.onTop).do(world => {
      world.github = withHead(world.github, world.state.claim?.base ?? '');
    });
    life.decide('ann', { kind: 'retry' }).flow().until();
  }),
  probe('adopted commits are taken back before our first push, unseen', AUTO, life => {
    adopt(beforePush(life, HEADS.onTop), HEADS.onTop).until('publish').approve();
    beforePush(life, life.world.state.claim?.base ?? '').until();
  }),
  probe('others push before our first push, and it is given up', AUTO, life => {
    giveUp(beforePush(life, HEADS.onTop), HEADS.further).decide('ann', { kind: 'retry' });
    giveUp(life.flow(), HEADS.onTop).flow().until();
  }),
  probe('the default branch changes the files of adopted commits', { ...AUTO, upToDate: true }, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).until('merge');
    life
      .github({ base: 'base-2', movedBelow: ['src/price.ts'] })
      .approve()
      .flow();
    adopt(pushed(life, HEADS.further), HEADS.further).github({ movedBelow: [] }).flow().until();
  }),
  probe(
    'the default branch changes the files of adopted commits, and an agent goes on',
    { ...AUTO, upToDate: true },
    life => {
      adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).until('merge');
      life
        .github({ base: 'base-2', movedBelow: ['src/price.ts'] })
        .approve()
        .flow();
      life.github({ movedBelow: [] }).decide('ann', { kind: 'retry' }).flow().until();
    },
  ),
  probe('commits that no one adopted come back', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).untilEffect('adopt-commits');
    life.act('an odd answer comes').flow();
  }),
  probe('a life with adopted commits is cancelled', AUTO, life => {
    adopt(pushed(life.until('merge'), HEADS.onTop), HEADS.onTop).until('publish');
    life.decide('ann', { kind: 'cancel' }).flow();
  }),
  probe('an agent says that it adopted commits', AUTO, life => {
    life.untilEffect('run-agent');
    const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
    const end = { ending: 'adopted', endedAt: 1, summary: 'so', usage, manifest: 'sha256:m' } as const;
    life.do(world => world.land({ type: 'run-ended', runId: 'g1-a1', end })).flow();
  }),
];
