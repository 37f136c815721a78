/** Up to the run: the first reads, the opt-in, the start gate, the claim. */
import type { ObservedIssue } from '../../../../src/domain/observation.ts';
import { issueOf, type Name, PEOPLE, policyOf } from '../../life/fixtures.ts';
import { AUTO, type Probe, probe, probes, type Setting } from '../scene.ts';

const of = (part: Partial<ObservedIssue>) => ({ github: { issue: issueOf(part) } });
const contract = (part: Partial<ObservedIssue['contract']>) =>
  of({ contract: { missing: [], unclear: [], wordRisk: { level: 'low', reasons: [] }, ...part } });
const optedInBy = (name: Name) => of({ optIn: { by: PEOPLE[name].account, role: PEOPLE[name].role } });
const LACKING = contract({ missing: ['Non-goals'] });
const UNREAD = contract({ unread: 'the text of the issue has 20000 lines; at most 10000 are read' });
const REPORTING: Setting = { mode: 'analysis', run: { ending: 'analysis' } };

export const START_PROBES: readonly Probe[] = [
  probe('the whole life', { signOff: 'low', owner: 'ann', publish: 'always' }, life => life.until()),
  probe('a life that needs only the merger', AUTO, life =>
    life.until('merge').review('ben', 'approved').flow(),
  ),
  ...probes(
    {
      'an analysis': REPORTING,
      'an analysis that left a change': { mode: 'analysis' },
      'a spike': [{ mode: 'spike' }, { mode: 'spike', run: { ending: 'no-change' } }],
      'nobody has opted in': { ...AUTO, ...of({ optIn: null }) },
      'a bot has opted in': { ...AUTO, ...optedInBy('robot') },
      'a reader has opted in': { ...AUTO, ...optedInBy('reader') },
      'the opt-in is by someone with an unreadable role': { ...AUTO, ...optedInBy('unreadable') },
      'the contract lacks a field': [AUTO, REPORTING].map(setting => ({ ...setting, ...LACKING })),
      'a field of the contract is unclear': {
        mode: 'analysis',
        ...contract({ unclear: ['Mode: one of …'] }),
      },
      'the risk is high by a label': { ...AUTO, ...of({ labels: ['ai', 'security'] }) },
      'the risk is just high enough by a label': { ...AUTO, ...of({ labels: ['ai', 'risky'] }) },
      'the risk is high by a word': {
        ...AUTO,
        ...contract({ wordRisk: { level: 'high', reasons: ['the word'] } }),
      },
      'the risk is high by what the issue declares': { ...AUTO, ...contract({ declaredRisk: 'high' }) },
      'a risky analysis starts without an approval': {
        ...REPORTING,
        ...of({ labels: ['ai', 'security'] }),
      },
    },
    life => life.until(),
  ),
  probe('the issue names another mode', { ...AUTO, ...contract({ mode: 'analysis' }) }, life =>
    life.until().run({ ending: 'analysis' }).until(),
  ),
  probe('a person sets the mode', [{}, AUTO], life =>
    life.flow().decide('ann', { kind: 'set-mode', mode: 'analysis' }).flow(),
  ),
  probe('the issue is edited after the approval of the start', {}, life =>
    life.until('start').act('the issue is edited', 1).approve().poked().until(),
  ),
  probe('the policy is edited at the start gate', {}, life => {
    life
      .until('start')
      .github({ policy: policyOf({ edition: 2 }) })
      .until();
  }),
  probe('a claim is made, its answer fails, and so does the policy', AUTO, life => {
    life.untilEffect('claim-branch').act('the effect is done and its answer fails', 0);
    life.decide('ann', { kind: 'retry' });
    life.fail('BranchTaken').decide('ann', { kind: 'cancel' }).flow();
  }),
  probe('the policy cannot be read', AUTO, life => life.fail('PolicyMissing').flow()),
  probe('the policy is read before the issue', AUTO, life => life.act('the effect answers').flow()),
  probe('a retry without a policy', AUTO, life =>
    life.fail('PolicyMissing').decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('news arrives before the claim', {}, life => {
    life
      .until('start')
      .approve()
      .untilEffect('read-policy')
      .event({ type: 'poked', facets: ['issue'] });
    life.act('the effect answers').flow();
  }),
  probe('a decision before the policy is read', AUTO, life =>
    life.decide('ann', { kind: 'pause' }).decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('the issue is not visible', { ...AUTO, github: { gone: 'not-found' } }, life =>
    life.flow().github({ gone: 'deleted' }).poked().flow(),
  ),
  probe('the issue is no longer visible', AUTO, life =>
    life.untilEffect('run-agent').told('the issue is gone or back', 0).flow(),
  ),
  probe('the text is too long to be read', { ...AUTO, ...UNREAD }, life =>
    life
      .flow()
      .github({ issue: issueOf({ edition: 2 }) })
      .poked()
      .until(),
  ),
  probe('the text becomes too long to be read during a run', AUTO, life =>
    life.untilEffect('run-agent').github(UNREAD.github).poked().flow(),
  ),
  probe('the issue was transferred', AUTO, life =>
    life.untilEffect('run-agent').told('the issue is gone or back', 2).flow(),
  ),
  probe('the claim branch belongs to someone else', AUTO, life => {
    life.github({ branch: { name: 'ai/issue-7-prices-are-rounded-twice', head: 'theirs' } }).flow();
    life.decide('ann', { kind: 'cancel' }).flow();
  }),
  probe('a claim is never answered', AUTO, life => {
    life.untilEffect('claim-branch').act('the effect is done').decide('ann', { kind: 'pause' });
    life.act('the effect ends as cancelled').decide('ann', { kind: 'cancel' }).flow();
  }),
  probe('the title is edited before the claim is answered', AUTO, life => {
    life.untilEffect('claim-branch').act('the effect is done').told('the opt-in changes', 0);
    life.act('the upkeep answers').act('the effect ends as cancelled');
    life
      .github({ issue: issueOf({ title: 'Another title' }) })
      .poked()
      .until();
  }),
];
