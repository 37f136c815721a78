/** What must always hold, by name: the numbers are those of the list of invariants. A broken one is an error of its own. */

export const INVARIANTS = {
  '2 one pull request': 'one pull request per generation, and always the same',
  '3 one run': 'one live run, and none begins before the last one has ended',
  '3 in flight': 'what is in flight is what is to be done, or it was cancelled',
  '3 one effect': 'at most one effect is in flight',
  '3 one upkeep': 'at most one piece of upkeep is in flight',
  '3 cancelled': 'cancelled once, for another step only, and nothing begins before it has really ended',
  '3 due': 'what is due is begun, upkeep also beside an effect',
  '3 at rest': 'it rests when nothing is in flight, and only then; it ends at rest',
  '3 until': 'a timer is set for as long as the step says',
  '4 one merge': 'one merge per generation, which never changes',
  '4 one commit': 'what is verified, shown, pushed and merged is one commit',
  '4 one base':
    'work begins on, and what is pushed or merged stands on, the default branch as the policy wants it',
  '5 one claim': 'one claim branch',
  '5 freed': 'what is abandoned gives back its branch, and no branch that is of use to people',
  '6 stage': 'no stage without the facts that it stands for',
  '6 worker only': 'from what workers say alone nothing is approved, merged, released or closed',
  '6 release': 'verified from ancestry, deployment, probes, soak and sign-off, or by the hand of the owner',
  '6 closed last': 'closed after the verification, never before, and never forgotten',
  '7 bound': 'an approval stands for exactly what it was given for',
  '7 named': 'an approval names what is asked, at the gate that is asked',
  '7 told': 'whoever approved is told what has changed since, and nothing else',
  '7 owner': 'a release is signed off by its owner',
  '7 halted': 'nothing goes on that a person or a block has stopped',
  '7 looked first': 'nothing outward begins while there is unread news',
  '7 proven': 'proof is a test that ran, failed without the change, and passes with it',
  '7 policy': 'an approval is not used under a policy that was read before it',
  '7 modes': 'nothing is done that the mode does not grant, and what it grants is not withheld',
  '7 merge': 'merged is what is open, ready, on the default branch, and left to us',
  '8 same text': 'a run has the text and the policy that hold now, and so has what is made of it',
  '9 persons only': 'no bot and no rule decides',
  '9 edited': 'an edited comment is no command',
  '9 role': 'on GitHub a role decides that could be read and is high enough',
  '9 source': 'decisions count only from where the policy takes them',
  '9 opt-in': 'nothing outward without an opt-in of somebody who may give it',
  '9 command': 'text that is quoted, fenced or in mid-line is no command',
  '10 names': 'labels of ours, titles, names of branches and markers decide nothing',
  '13 refused': 'a refused change is never built again',
  '14 inert': 'posted text closes, mentions, embeds and commands nothing',
  '16 audit': 'every transition has its record in an unbroken chain',
  '16 archived': 'no record is left behind at the end',
  '18 replay': 'the same events give the same state',
  '19 read': 'in the end what is believed is what stands on GitHub',
  '19 undisturbed': 'news alone stops nothing that is in flight',
  '20 over': 'a life that has ended does not go on',
  '20 seen once': 'a second delivery changes nothing',
  '20 asked for': 'an answer that nobody waits for changes nothing',
  '20 generation': 'what is of another generation or issue changes nothing',
  '21 named': 'a hold says who must do what, and why',
  '21 in vain': 'nobody is asked, blocked or stopped without need',
  '21 heard': 'a decision that may be taken is taken',
  '21 sense': 'a decision that makes no sense now is refused by name',
  '21 told': 'what only a person can mend is said to one',
  '21 shown': 'people are shown what is believed, and in their words what it means',
  '21 quiet': 'people are told of what lasts, not of each step',
  '21 rests': 'when faults stop, it is stable, or held with a named act',
  '21 ends': 'a person can always end it',
  '21 limits': 'no run beyond a limit, and no limit before its time',
  '21 endings': 'each ending leads where its name says',
  '21 ladder': 'a hold climbs rung by rung, in its time, and for the named person',
  '23 theirs': 'what is of others is left alone',
  '23 own': 'our own acts are never held against us',
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
