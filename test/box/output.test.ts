/** The output of a box is read in turns: no output, however many lines it has, keeps the event loop from anything else. */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { LINE_CHARS_MAX } from '../../src/box/lines.ts';
import { LINES_PER_TURN, readOutput } from '../../src/box/output.ts';

interface Read {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly chunks: Buffer;
  readonly overflows: number;
  readonly tail: string;
  /** The most lines that were handed over between two turns of the event loop. */
  readonly linesAtOnce: number;
}

const plenty = { outputBytesMax: 1e9, outputLinesMax: 1e9 };

async function read(
  streams: { readonly stdout?: readonly Buffer[]; readonly stderr?: readonly Buffer[] },
  { limits = plenty, binary = false, listeners = {} } = {},
): Promise<Read> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const chunks: Buffer[] = [];
  let [overflows, atOnce, most, over] = [0, 0, 0, false];
  const output = { stdout: new PassThrough(), stderr: new PassThrough() };
  const turn = (): void => {
    atOnce = 0;
    if (!over) setImmediate(turn);
  };
  turn();
  const onLine = (lines: string[]) => (line: string) => {
    lines.push(line);
    atOnce += 1;
    most = Math.max(most, atOnce);
  };
  const summary = readOutput(output, limits, {
    ...(binary ? {} : { onStdoutLine: onLine(stdout) }),
    onStdoutChunk: chunk => chunks.push(chunk),
    onStderrLine: onLine(stderr),
    onOverflow: () => (overflows += 1),
    ...listeners,
  });
  for (const chunk of streams.stdout ?? []) output.stdout.write(chunk);
  for (const chunk of streams.stderr ?? []) output.stderr.write(chunk);
  output.stdout.end();
  output.stderr.end();
  await summary.ended.finally(() => (over = true));
  const common = { stdout, stderr, chunks: Buffer.concat(chunks), overflows };
  return { ...common, tail: summary.stderrTail(), linesAtOnce: most };
}

const of = (...texts: readonly string[]) => texts.map(text => Buffer.from(text));

describe('lines', () => {
  test('arrive complete, whatever the chunks are, and the last one needs no line feed', async () => {
    const text = 'one\n\nzwölf 😀\nlast';
    const bytes = [...Buffer.from(text)].map(byte => Buffer.from([byte]));
    expect((await read({ stdout: bytes })).stdout).toEqual(['one', '', 'zwölf 😀', 'last']);
    expect((await read({ stdout: of(text) })).stdout).toEqual(['one', '', 'zwölf 😀', 'last']);
    expect((await read({ stdout: of('one\n') })).stdout).toEqual(['one']);
  });

  test('many short ones are handed over a fixed number per turn', async () => {
    const stderr = Array.from({ length: 20 }, () => Buffer.from('{\n'.repeat(32_768)));
    const found = await read({ stderr });
    expect(found.stderr).toHaveLength(20 * 32_768);
    // A turn may end one handing over and begin the next one.
    expect(found.linesAtOnce).toBeLessThanOrEqual(2 * LINES_PER_TURN);
    expect(found.tail.length).toBeLessThanOrEqual(16 * 1024);
  });

  test('beyond their limit are not handed over, and the limit is reported', async () => {
    const limits = { ...plenty, outputLinesMax: 1_000 };
    const lines = of('x\n'.repeat(900));
    const found = await read({ stdout: lines, stderr: lines }, { limits });
    expect(found.stdout.length + found.stderr.length).toBe(1_000);
    expect(found.overflows).toBeGreaterThan(0);
    expect((await read({ stdout: lines }, { limits })).overflows).toBe(0);
  });

  test('of a binary stream do not count', async () => {
    const limits = { ...plenty, outputLinesMax: 10 };
    const found = await read({ stdout: of('\n'.repeat(1_000)) }, { limits, binary: true });
    expect(found).toMatchObject({ overflows: 0, stdout: [] });
    expect(found.chunks).toHaveLength(1_000);
  });

  test('that are longer than any reader keeps lose their rest, and only that', async () => {
    const long = Buffer.alloc(LINE_CHARS_MAX / 2 + 1, 'x');
    const { stdout } = await read({ stdout: [long, long, long, ...of('\nnext')] });
    expect(stdout.map(line => line.length)).toEqual([LINE_CHARS_MAX, 4]);
  });
});

test('bytes beyond their limit are dropped, and the limit is reported', async () => {
  const limits = { ...plenty, outputBytesMax: 1_000 };
  const found = await read({ stdout: of('x'.repeat(900), 'y'.repeat(900)) }, { limits });
  expect(found.chunks).toHaveLength(1_000);
  expect(found.overflows).toBe(1);
});

test('an error of a listener reaches the caller, and the streams are given up', async () => {
  const listeners = {
    onStdoutLine: () => {
      throw new Error('a bug');
    },
  };
  await expect(read({ stdout: of('x\n'.repeat(10)) }, { listeners })).rejects.toThrow('a bug');
});
