/** Risk: a deterministic minimum from labels, words, paths and the contract's declaration. The worst wins. */
import picomatch from 'picomatch/posix.js';
import { pathsNamed, wordFinder } from './risk-words.ts';

export const RISKS = ['low', 'medium', 'high'] as const;
export type Risk = (typeof RISKS)[number];

/** The highest risk for which something is allowed. Never for high. */
export const RISK_BARS = ['never', 'low', 'medium'] as const;
export type RiskBar = (typeof RISK_BARS)[number];

export interface RiskJudgement {
  readonly level: Risk;
  /** Why it is not lower; empty for low. */
  readonly reasons: readonly string[];
}

/** Each list raises an issue or a change to its level. A word matches words that begin with it; paths are globs. */
export interface RiskRules {
  readonly labels: Readonly<Partial<Record<Risk, readonly string[]>>>;
  readonly words: Readonly<Partial<Record<Risk, readonly string[]>>>;
  readonly paths: Readonly<Partial<Record<Risk, readonly string[]>>>;
}

export const NO_RISK: RiskJudgement = { level: 'low', reasons: [] };

export function atLeast(risk: Risk, bar: Risk): boolean {
  return RISKS.indexOf(risk) >= RISKS.indexOf(bar);
}

export function isAtMost(risk: Risk, bar: RiskBar): boolean {
  return bar !== 'never' && atLeast(bar, risk);
}

/** The worse level, with the reasons of both. */
export function worse(a: RiskJudgement, b: RiskJudgement): RiskJudgement {
  const level = atLeast(a.level, b.level) ? a.level : b.level;
  return { level, reasons: [...new Set([...a.reasons, ...b.reasons])] };
}

export function riskOfLabels(labels: readonly string[], rules: RiskRules): RiskJudgement {
  const folded = labels.map(label => label.toLowerCase());
  return judge(rules.labels, word => (folded.includes(word.toLowerCase()) ? `label ${word}` : undefined));
}

/** Words of the text, and paths that it names, in any spelling that a person reads as the same. */
export function riskOfText(text: string, rules: RiskRules): RiskJudgement {
  const isSaid = wordFinder(text);
  const paths = pathsNamed(text);
  const ofWords = judge(rules.words, word => (isSaid(word) ? `the word “${word}”` : undefined));
  const ofPaths = judge(rules.paths, glob => {
    const matches = picomatch(glob, { dot: true, nocase: true });
    const hit = paths.find(({ spellings }) => spellings.some(path => matches(path)));
    return hit === undefined ? undefined : `the text names the path ${hit.path}`;
  });
  return worse(ofWords, ofPaths);
}

export function riskOfPaths(paths: readonly string[], rules: RiskRules): RiskJudgement {
  return judge(rules.paths, glob => {
    const matches = picomatch(glob, { dot: true, nocase: true });
    const hit = paths.find(path => matches(path));
    return hit === undefined ? undefined : `the path ${hit}`;
  });
}

export function declaredRisk(level: Risk | undefined, by: string): RiskJudgement {
  return level === undefined || level === 'low' ? NO_RISK : { level, reasons: [`declared by ${by}`] };
}

export interface EntryRisks {
  readonly labels: readonly string[];
  readonly wordRisk: RiskJudgement;
  readonly declaredRisk?: Risk | undefined;
}

/** The minimum before a change exists: labels, words, and the contract's declaration. */
export function entryRiskOf(entry: EntryRisks, rules: RiskRules): RiskJudgement {
  const { labels, wordRisk, declaredRisk: declared } = entry;
  return [riskOfLabels(labels, rules), wordRisk, declaredRisk(declared, 'the issue')].reduce(worse);
}

type Finder = (rule: string) => string | undefined;

function judge(lists: Readonly<Partial<Record<Risk, readonly string[]>>>, find: Finder): RiskJudgement {
  return RISKS.filter(level => level !== 'low')
    .flatMap(level => (lists[level] ?? []).map(rule => ({ level, reason: find(rule) })))
    .filter(hit => hit.reason !== undefined)
    .reduce<RiskJudgement>(
      (so, hit) => worse(so, { level: hit.level, reasons: [hit.reason ?? ''] }),
      NO_RISK,
    );
}
