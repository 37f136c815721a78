/** The set-up below the checks of a change: that of the base, or a new one when the change touches the set-up's inputs. */
import type { CheckResult, SetUpFacts } from '../../domain/state/work.ts';
import type { Found } from './changed-tests.ts';
import type { RunnerPorts } from './ports.ts';
import { withSetUp } from './set-up.ts';
import { noSetUp, type SetUp, type SetUpInput } from './set-up-types.ts';
import { inputMatcher } from './set-up-key.ts';
import { SetUpFailure } from './set-up-run.ts';

export interface HeadInput extends Omit<SetUpInput, 'on'> {
  readonly base: SetUp;
  /** Every path that the change touches. */
  readonly files: readonly string[];
}

export interface HeadChecks extends Found {
  readonly facts?: SetUpFacts;
}

/** A set-up that fails on the change counts as a failed check of the change, and no other check runs. */
export async function withHeadSetUp(
  ports: RunnerPorts,
  input: HeadInput,
  check: (setUp: SetUp) => Promise<Found>,
): Promise<HeadChecks> {
  const { policy, base } = input;
  if (policy.commands.length === 0) return await check(noSetUp);
  const isInput = inputMatcher(policy);
  const touched = input.files.filter(isInput);
  if (touched.length === 0) return await checked(base, check);
  const named = touched.slice(0, NAMED_MAX).join(', ');
  if (policy.whenInputsChange === 'base') {
    const note = `the change touches ${named}, which the set-up reads: all checks ran with the set-up of the base`;
    return await checked(base, check, [note]);
  }
  const note = `the change touches ${named}: the set-up ran again on the change`;
  try {
    return await withSetUp(ports, { ...input, on: 'head' }, setUp => checked(setUp, check, [note]));
  } catch (error) {
    if (!(error instanceof SetUpFailure)) throw error;
    return { checks: [failedCheck(error)], notes: [note] };
  }
}

const NAMED_MAX = 10;

/** Where the commit has its own files at a place of the layer, the commit's files are used; a note says so. */
async function checked(
  setUp: SetUp,
  check: (setUp: SetUp) => Promise<Found>,
  notes: readonly string[] = [],
): Promise<HeadChecks> {
  const leftOut = new Set<string>();
  const noting: SetUp = {
    ...setUp,
    place: async dir => {
      const placed = await setUp.place(dir);
      for (const place of placed.leftOut) leftOut.add(place);
      return placed;
    },
  };
  const found = await check(noting);
  const { facts } = setUp;
  const more = [...leftOut].map(
    place => `the set-up's ${place} is not used: the commit has its own files there`,
  );
  return {
    checks: found.checks,
    ...(facts === undefined ? {} : { facts }),
    notes: [...notes, ...more, ...found.notes],
  };
}

function failedCheck({ command, result, record }: SetUpFailure): CheckResult {
  return {
    name: `set-up: ${command.name}`,
    command: command.run,
    on: 'head',
    expected: 'pass',
    passed: false,
    exitCode: result.ending === 'exited' ? (result.exitCode ?? null) : null,
    durationMs: result.durationMs,
    output: record.output,
  };
}
