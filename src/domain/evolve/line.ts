/** Facts about the place of the change in the line of merges. */
import { rule } from '../actor.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { MergePlace } from '../state/publication.ts';
import { chain, type FactOf, type Noted, type Reduced } from './result.ts';

const LINE = rule('line of merges');
/** Of turns that came for other places: each is answered, and a line has at most one place of an issue. */
const STRAYS_MAX = 10;

export function onLineJoined(state: IssueState, { id, head, target }: FactOf<'line-joined'>): Reduced {
  const { mergePlace: known, mergePlaces = 0, strayPlaces = [], at } = state;
  if (known?.id === id) return { state: { ...state, mergePlace: { ...known, askedAt: at } } };
  const mergePlace: MergePlace = { id, head, target, joinedAt: at, askedAt: at };
  const joined: Noted = {
    state: { ...state, mergePlace, mergePlaces: mergePlaces + 1 },
    note: { cause: `joined the line of merges into ${target}`, actor: LINE, digests: { head } },
  };
  if (!strayPlaces.includes(id)) return joined;
  return chain({ ...joined, state: withoutStrays(joined.state, [id]) }, s => turnBegins(s, mergePlace));
}

/** A turn for a place that is not ours, or not any more, is given back, so that nobody waits for it. */
export function onTurnGiven(state: IssueState, id: string): Reduced {
  const { mergePlace: place, strayPlaces = [] } = state;
  if (place?.id !== id) {
    const strays = [...new Set([...strayPlaces, id])].slice(-STRAYS_MAX);
    return { state: { ...state, strayPlaces: strays } };
  }
  return place.turnAt === undefined ? turnBegins(state, place) : { state };
}

function turnBegins(state: IssueState, place: MergePlace): Noted {
  const { target, head } = place;
  return {
    state: { ...state, mergePlace: { ...place, turnAt: state.at } },
    note: { cause: `its turn to be merged into ${target}`, actor: LINE, digests: { head } },
  };
}

export function onLineLeft(state: IssueState, { ids }: FactOf<'line-left'>): Reduced {
  const { mergePlace: place } = state;
  const rest = withoutStrays(state, ids);
  if (place === undefined || !ids.includes(place.id)) return { state: rest };
  return {
    state: omit(rest, 'mergePlace', 'ahead'),
    note: { cause: `left the line of merges into ${place.target}`, actor: LINE },
  };
}

function withoutStrays(state: IssueState, ids: readonly string[]): IssueState {
  const strays = (state.strayPlaces ?? []).filter(id => !ids.includes(id));
  const others = omit(state, 'strayPlaces');
  return strays.length === 0 ? others : { ...others, strayPlaces: strays };
}
