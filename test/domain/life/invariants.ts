/** What must always hold, by name; the numbers are those of the list of invariants. A broken one throws `Broken`. */

export const INVARIANTS = {
  '2 one pull request': 'one pull request per generation, and always the same',
  '3 one run': 'one live run, and the next starts only after its end',
  '3 in flight': 'the effect in flight is the current step, or it was cancelled',
  '3 one effect': 'at most one effect is in flight',
  '3 one upkeep': 'at most one upkeep is in flight',
  '3 one notice': 'at most one notice is in flight',
  '3 cancelled': 'cancelled once, only for another step, and nothing starts before it has ended',
  '3 due': 'whatever is due is started, upkeep also next to an effect',
  '3 at rest': 'it rests exactly when nothing is in flight, and ends only at rest',
  '3 until': 'a timer is set until the time of the step',
  '4 one merge': 'one merge per generation, which never changes',
  '4 one commit': 'one commit is verified, described, pushed and merged',
  '4 one base':
    'runs start on, and pushes and merges are based on, the default branch as the policy requires',
  '4 one target':
    'the work is for one branch: the one of the claim, which labels, milestone and policy named without contradiction',
  '5 one claim': 'one claim branch',
  '5 freed': 'a cancelled issue releases its branch, but never a branch that people use',
  '6 stage': 'each stage follows from facts',
  '6 worker only': 'the reports of workers alone approve, merge, release and close nothing',
  '6 release': 'verified from ancestry, deployment, probes, soak and sign-off, or by the owner',
  '6 closed last': 'closed after the verification, never before, and always',
  '7 bound': 'an approval covers exactly what it was given for',
  '7 fresh': 'an approval given before the latest edit of the text does not count',
  '7 named': 'an approval names the digest of the open gate',
  '7 told': 'a void approval is explained by what changed, and nothing else',
  '7 owner': 'a release is signed off by its owner, who is no bot',
  '7 merger': 'a merge by a bot is the judgement of the person whose approval it carried out, or of nobody',
  '7 halted': 'nothing continues that a person or a block has stopped',
  '7 looked first': 'nothing outward starts while there is unread news',
  '7 proven': 'a proof is a test that ran, failed without the change and passes with it',
  '7 policy': 'the policy is read again after an approval and before its use',
  '7 modes': 'exactly what the mode grants is done',
  '7 merge': 'a merge is of an open, ready pull request on the default branch, and left to us',
  '7 draft': 'only our own draft is marked as ready, and people are asked for no draft',
  '7 checks': 'merged only after every required check passed on that head',
  '8 same text': 'a run and its results are for the current text and policy',
  '9 persons only': 'no bot and no rule decides',
  '9 edited': 'an edited comment is not a command',
  '9 role': 'decisions on GitHub need a readable role that is high enough',
  '9 source': 'decisions count only from the sources of the policy',
  '9 opt-in': 'nothing outward without an opt-in by someone who may give it',
  '9 command': 'text that is quoted, fenced, mid-line or more than a command decides nothing',
  '10 names': 'our labels, titles, branch names and markers decide nothing',
  '13 refused': 'a refused change is never built again',
  '14 inert': 'posted text closes, mentions, embeds and commands nothing',
  '16 audit': 'every transition has its record in an unbroken chain',
  '16 archived': 'every record is archived at the end',
  '18 replay': 'the same events lead to the same state',
  '19 read': 'in the end the state matches GitHub',
  '19 undisturbed': 'news alone cancels nothing in flight',
  '20 over': 'a life does not continue after its end',
  '20 seen once': 'a second delivery changes nothing',
  '20 asked for': 'an answer that no effect waits for changes nothing',
  '20 generation': 'events of another generation or issue change nothing',
  '21 named': 'a hold says who must do what, and why',
  '21 in vain': 'no one is asked, blocked or stopped without need',
  '21 heard': 'a valid decision is accepted',
  '21 sense': 'a decision that makes no sense now is refused with the reason',
  '21 told': 'a person is told what only a person can fix',
  '21 shown': 'people are shown the state, in their own words',
  '21 quiet': 'only lasting steps are projected',
  '21 rests': 'when faults stop, it is stable, or held with a named act',
  '21 ends': 'a person can always end a life',
  '21 limits': 'no run beyond a limit, and no limit too early',
  '21 endings': 'each ending has the sequel in its table',
  '21 delayed': 'what keeps failing is tried again on time, and is told only as long as it fails',
  '21 ladder': 'a hold climbs rung by rung, on time, to the named person',
  '22 needed': 'exactly who must act is called, and only while they must',
  '22 once': 'one call for each gate and rung until somebody answers',
  '22 hours': 'nobody is called in quiet hours',
  '22 folded': 'one comment of a call at most, and none when it is done',
  '22 alone': 'a call changes nothing else',
  '27 place': 'a place in the line of merges is for a change that can be merged, and ends with it',
  '28 carried':
    'an approval is carried over only for an equal patch, verified on the tree that is merged, without a new concern, as the policy allows for the risk',
  '29 merged':
    'what is merged is verified on the branch as it is known, and what arrived is what was verified',
  '29 in turn': 'where there is a line, only the change whose turn it is is verified again and merged',
  '23 theirs': 'branches and commits of others are not touched',
  '23 named':
    'commits of others become part of the change, or are replaced, only by the word of a person who names their head',
  '23 own': 'our own acts are not treated as foreign',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export class Broken extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

export function must(invariant: Invariant, holds: boolean, what: string): void {
  if (!holds) throw new Broken(invariant, what);
}

/** Compared as JSON. */
export function mustBe(invariant: Invariant, was: unknown, wanted: unknown): void {
  const [told, due] = [was, wanted].map(value => JSON.stringify(value));
  must(invariant, told === due, `${told ?? 'nothing'}, not ${due ?? 'nothing'}`);
}
