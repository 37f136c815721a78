/**
 * Applies suggestions of reviewers to the files that a run left, and stores them as the change of a run of its own. They are
 * judged, built and verified afterwards like any change.
 */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import type { ChangeEntry } from '../../contracts/change-manifest.ts';
import { manifestText } from '../../contracts/manifest-text.ts';
import { type SuggestedEdit, type SuggestionProblem, withEdits } from '../../domain/suggestion.ts';
import { loadManifest, loadSuggestions } from '../stored.ts';
import type { SchedulerPorts } from './ports.ts';

export function applySuggestions({
  artifacts,
}: Pick<SchedulerPorts, 'artifacts'>): SchedulerActivities['applySuggestions'] {
  return async ({ effect: { runId, manifest, suggestions } }) => {
    const below = await loadManifest(artifacts, manifest);
    const reviews = await Promise.all(suggestions.map(digest => loadSuggestions(artifacts, digest)));
    const edits = reviews.flatMap(review => review.edits);
    const applied = 'problem' in below ? below : withSuggestions(below.entries, edits);
    if ('problem' in applied) return { type: 'suggestions-refused', suggestions, reason: applied.problem };
    const text = manifestText(applied.entries);
    const stored = await artifacts.put(text, 'application/octet-stream');
    return { type: 'suggestions-applied', runId, suggestions, manifest: stored };
  };
}

/** The files of the change with the edits, or why not all of them can be applied. */
export function withSuggestions(
  entries: readonly ChangeEntry[],
  edits: readonly SuggestedEdit[],
): { readonly entries: readonly ChangeEntry[] } | SuggestionProblem {
  const edited = new Map<string, ChangeEntry>();
  for (const path of new Set(edits.map(edit => edit.path))) {
    const entry = entries.find(one => one.path === path);
    if (entry === undefined || entry.mode === 'deleted')
      return { problem: `the change leaves no file ${path}` };
    const text = textOf(entry.bytes);
    if (text === undefined) return { problem: `${path} is not text in UTF-8` };
    const after = withEdits(
      text,
      edits.filter(edit => edit.path === path),
    );
    if ('problem' in after) return after;
    edited.set(path, { ...entry, bytes: Buffer.from(after.text, 'utf8') });
  }
  return { entries: entries.map(entry => edited.get(entry.path) ?? entry) };
}

/** Only text that is the same bytes again. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
