/** The set-up below the checks of a change: that of the base, or one run anew where the change touches its inputs. */
import type { CheckResult, SetUpFacts } from '../../domain/state/work.ts';
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

export interface HeadChecks {
  readonly checks: readonly CheckResult[];
  readonly facts?: SetUpFacts;
  readonly notes: readonly string[];
}

/** A set-up that fails on the change is a failed check of the change, and nothing else is run. */
export async function withHeadSetUp(
  ports: RunnerPorts,
  input: HeadInput,
  check: (setUp: SetUp) => Promise<readonly CheckResult[]>,
): Promise<HeadChecks> {
  const { policy, base } = input;
  if (policy.commands.length === 0) return { checks: await check(noSetUp), notes: [] };
  const isInput = inputMatcher(policy);
  const touched = input.files.filter(isInput);
  if (touched.length === 0) return await checked(base, check);
  const named = touched.slice(0, NAMED_MAX).join(', ');
  if (policy.whenInputsChange === 'base') {
    const note = `the change touches ${named}, which the set-up reads: everything ran with what the base installs`;
    return await checked(base, check, [note]);
  }
  const note = `the change touches ${named}: the set-up was run anew with what the change says`;
  try {
    return await withSetUp(ports, { ...input, on: 'head' }, setUp => checked(setUp, check, [note]));
  } catch (error) {
    if (!(error instanceof SetUpFailure)) throw error;
    return { checks: [failedCheck(error)], notes: [note] };
  }
}

const NAMED_MAX = 10;

/** Where the commit has files of its own, they stand, and the layer is left out. */
async function checked(
  setUp: SetUp,
  check: (setUp: SetUp) => Promise<readonly CheckResult[]>,
  notes: readonly string[] = [],
): Promise<HeadChecks> {
  const leftOut = new Set<string>();
  const told: SetUp = {
    ...setUp,
    place: async dir => {
      const placed = await setUp.place(dir);
      for (const place of placed.leftOut) leftOut.add(place);
      return placed;
    },
  };
  const checks = await check(told);
  const { facts } = setUp;
  const more = [...leftOut].map(
    place => `${place}, which the set-up makes, is left out: the commit has something else there`,
  );
  return { checks, ...(facts === undefined ? {} : { facts }), notes: [...notes, ...more] };
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
