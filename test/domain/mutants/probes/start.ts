/** Lives up to the run: what is read first, the opt-in, the start gate, the claim. */
import { issueOf, PEOPLE, policyOf } from '../../life/fixtures.ts';
import { approvalAsked, comment } from '../../life/people.ts';
import { type Probe, probe } from '../scene.ts';

const contract = (part: object) =>
  issueOf({
    contract: { missing: [], unclear: [], wordRisk: { level: 'low', reasons: [] }, ...part },
  });
const optedInBy = (name: keyof typeof PEOPLE) =>
  issueOf({ optIn: { by: PEOPLE[name].account, role: PEOPLE[name].role } });

const AUTO = { mode: 'auto-run' } as const;

export const START_PROBES: readonly Probe[] = [
  probe('the whole life', { signOff: 'low', owner: 'ann', publish: 'always' }, life => life.until()),
  probe('a life that needs only the merger', AUTO, life =>
    life.until('merge').review('ben', 'approved').flow(),
  ),
  probe('an analysis', { mode: 'analysis', run: { ending: 'analysis' } }, life => life.until()),
  probe('an analysis that left a change', { mode: 'analysis' }, life => life.until()),
  probe('a spike', [{ mode: 'spike' }, { mode: 'spike', run: { ending: 'no-change' } }], life =>
    life.until(),
  ),
  probe('nobody has opted in', { ...AUTO, github: { issue: issueOf({ optIn: null }) } }, life =>
    life.until(),
  ),
  probe('a bot has opted in', { ...AUTO, github: { issue: optedInBy('robot') } }, life => life.until()),
  probe('a reader has opted in', { ...AUTO, github: { issue: optedInBy('reader') } }, life => life.until()),
  probe(
    'somebody has opted in whose role cannot be read',
    { ...AUTO, github: { issue: optedInBy('unreadable') } },
    life => life.until(),
  ),
  probe(
    'the contract lacks a field',
    [
      { ...AUTO, github: { issue: contract({ missing: ['Non-goals'] }) } },
      {
        mode: 'analysis',
        run: { ending: 'analysis' },
        github: { issue: contract({ missing: ['Non-goals'] }) },
      },
    ],
    life => life.until(),
  ),
  probe(
    'a field of the contract is unclear',
    { mode: 'analysis', github: { issue: contract({ unclear: ['Mode: one of …'] }) } },
    life => life.until(),
  ),
  probe(
    'the risk is high by a label',
    { ...AUTO, github: { issue: issueOf({ labels: ['ai', 'security'] }) } },
    life => life.until(),
  ),
  probe(
    'the risk is just high enough by a label',
    { ...AUTO, github: { issue: issueOf({ labels: ['ai', 'risky'] }) } },
    life => life.until(),
  ),
  probe(
    'the risk is high by a word',
    { ...AUTO, github: { issue: contract({ wordRisk: { level: 'high', reasons: ['the word'] } }) } },
    life => life.until(),
  ),
  probe(
    'the risk is high by what the issue declares',
    { ...AUTO, github: { issue: contract({ declaredRisk: 'high' }) } },
    life => life.until(),
  ),
  probe(
    'a risky analysis starts without being asked for',
    {
      mode: 'analysis',
      run: { ending: 'analysis' },
      github: { issue: issueOf({ labels: ['ai', 'security'] }) },
    },
    life => life.until(),
  ),
  probe(
    'the issue names another mode',
    { ...AUTO, github: { issue: contract({ mode: 'analysis' }) } },
    life => life.until().run({ ending: 'analysis' }).until(),
  ),
  probe('a person sets the mode', [{}, AUTO], life =>
    life.flow().decide('ann', { kind: 'set-mode', mode: 'analysis' }).flow(),
  ),
  probe('the issue is edited at the start gate', {}, life =>
    life.until('start').told('the issue is edited', 1).until(),
  ),
  probe('the issue is edited after the approval of the start', {}, life =>
    life.until('start').act('the issue is edited', 1).approve().poked().until(),
  ),
  probe('the policy is edited at the start gate', {}, life =>
    life
      .until('start')
      .github({ policy: policyOf({ edition: 2 }) })
      .until(),
  ),
  probe('the risk is labelled after the approval of the start', {}, life =>
    life.until('start').act('the risk is labelled', 1).approve().poked().until(),
  ),
  probe('the mode is set after the approval of the start', {}, life =>
    life.until('start').approve().decide('ann', { kind: 'set-mode', mode: 'spike' }).until(),
  ),
  probe('one look brings an approval and another mode, and the mode is set back', {}, life =>
    life
      .until('start')
      .do(world => comment(world, 'ann', approvalAsked(world) ?? { kind: 'pause' }))
      .comment('ann', { kind: 'set-mode', mode: 'auto-run' })
      .act('the answers come')
      .decide('ann', { kind: 'pause' })
      .decide('ann', { kind: 'set-mode', mode: 'guarded' })
      .flow()
      .decide('ann', { kind: 'resume' })
      .until(),
  ),
  probe('a claim is made, its answer fails, and so does the policy', AUTO, life => {
    life.untilEffect('claim-branch').act('the effect is done and its answer fails', 0);
    life.decide('ann', { kind: 'retry' });
    const effect = life.world.effect?.effect;
    if (effect?.kind !== 'read-policy') throw new Error('the policy is not read again');
    life.do(world => world.land({ type: 'step-failed', effect, failure: 'BranchTaken', message: 'x' }));
    life.decide('ann', { kind: 'cancel' }).flow();
  }),
  probe('the policy cannot be read', AUTO, life =>
    life
      .do(world => {
        const effect = world.effect?.effect;
        if (effect !== undefined)
          world.land({ type: 'step-failed', effect, failure: 'PolicyMissing', message: 'there is none' });
      })
      .flow(),
  ),
  probe('the policy is read before the issue', AUTO, life => life.act('the effect answers').flow()),
  probe('a retry comes while there is no policy', AUTO, life =>
    life
      .do(world => {
        const effect = world.effect?.effect;
        if (effect !== undefined)
          world.land({ type: 'step-failed', effect, failure: 'PolicyMissing', message: 'there is none' });
      })
      .decide('ann', { kind: 'retry' })
      .flow(),
  ),
  probe('news comes in before the claim', {}, life =>
    life
      .until('start')
      .approve()
      .untilEffect('read-policy')
      .event({ type: 'poked', facets: ['issue'] })
      .act('the effect answers')
      .flow(),
  ),
  probe('a decision comes before the policy is read', AUTO, life =>
    life.decide('ann', { kind: 'pause' }).decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('the issue cannot be seen', { ...AUTO, github: { gone: 'not-found' } }, life =>
    life.flow().github({ gone: 'deleted' }).poked().flow(),
  ),
  probe('the issue cannot be seen any more', AUTO, life =>
    life.untilEffect('run-agent').told('the issue is gone or back', 0).flow(),
  ),
  probe('the issue was transferred', AUTO, life =>
    life.untilEffect('run-agent').told('the issue is gone or back', 2).flow(),
  ),
  probe('the issue is deleted', AUTO, life => life.flow().told('the issue is gone or back', 3).flow()),
  probe('the branch is somebody else’s', AUTO, life =>
    life
      .github({ branch: { name: 'ai/issue-7-prices-are-rounded-twice', head: 'theirs' } })
      .flow()
      .decide('ann', { kind: 'cancel' })
      .flow(),
  ),
  probe('a claim was made and its answer never came', AUTO, life =>
    life
      .untilEffect('claim-branch')
      .act('the effect is done')
      .decide('ann', { kind: 'pause' })
      .act('the effect ends as cancelled')
      .decide('ann', { kind: 'cancel' })
      .flow(),
  ),
  probe('a claim was made, and the title is edited before the answer', AUTO, life =>
    life
      .untilEffect('claim-branch')
      .act('the effect is done')
      .told('the opt-in changes', 0)
      .act('the upkeep answers')
      .act('the effect ends as cancelled')
      .github({ issue: issueOf({ title: 'Another title' }) })
      .poked()
      .until(),
  ),
  probe('the default branch moves after the claim', AUTO, life =>
    life.untilEffect('run-agent').act('the default branch moves', 1).until(),
  ),
];
