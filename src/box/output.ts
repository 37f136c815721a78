/**
 * Reads the output of a box up to its limits. Streams are pulled: after each chunk, and after a fixed number of lines, the
 * event loop gets a turn, and until then the box must wait. So no output delays the timers of this process.
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { LineSplitter } from './lines.ts';

export interface OutputListeners {
  readonly onStdoutLine?: (line: string) => void;
  readonly onStderrLine?: (line: string) => void;
  /** For binary output. */
  readonly onStdoutChunk?: (chunk: Buffer) => void;
  /** Called with the size of every chunk of output, so that a caller can detect silence. */
  readonly onActivity?: (bytes: number) => void;
}

export interface OutputLimits {
  /** Standard output and standard error together. */
  readonly outputBytesMax: number;
  /** The same. Counts only streams that are read as lines. */
  readonly outputLinesMax: number;
}

/** The streams that a box writes to. */
export type BoxOutput = Pick<ChildProcess, 'stdout' | 'stderr'>;

export interface OutputSummary {
  /** Resolves when both streams have ended and everything in them is handed over. */
  readonly ended: Promise<void>;
  stdoutBytes(): number;
  stderrTail(): string;
}

/** Lines between two turns of the event loop. */
export const LINES_PER_TURN = 500;

const STDERR_TAIL_BYTES = 16 * 1024;

export function readOutput(
  output: BoxOutput,
  limits: OutputLimits,
  listeners: OutputListeners & { readonly onOverflow: () => void },
): OutputSummary {
  let stdoutBytes = 0;
  let tail = Buffer.alloc(0);
  const left = { bytes: limits.outputBytesMax, lines: limits.outputLinesMax };
  const common = { left, listeners };
  const ended = Promise.all([
    read(output.stdout, {
      ...common,
      onLine: listeners.onStdoutLine,
      onChunk: chunk => {
        stdoutBytes += chunk.length;
        listeners.onStdoutChunk?.(chunk);
      },
    }),
    read(output.stderr, {
      ...common,
      onLine: listeners.onStderrLine,
      onChunk: chunk => void (tail = Buffer.concat([tail, chunk]).subarray(-STDERR_TAIL_BYTES)),
    }),
  ]).then(() => undefined);
  return { ended, stdoutBytes: () => stdoutBytes, stderrTail: () => tail.toString('utf8') };
}

interface Reading {
  /** What the limits still allow; both streams share it. */
  readonly left: { bytes: number; lines: number };
  readonly listeners: OutputListeners & { readonly onOverflow: () => void };
  readonly onLine: ((line: string) => void) | undefined;
  readonly onChunk: (chunk: Buffer) => void;
}

/** After a limit, output is still read, so that the box can end, and dropped. */
async function read(stream: Readable | null, reading: Reading): Promise<void> {
  const { onLine, onChunk } = reading;
  const lines = onLine && new LineSplitter();
  try {
    for await (const chunk of chunksOf(stream)) {
      const admitted = admit(chunk, reading);
      if (admitted.length > 0) onChunk(admitted);
      if (lines !== undefined) await handOver(lines.push(admitted), reading);
      await nextTurn();
    }
    const rest = lines?.end() ?? '';
    if (rest !== '') await handOver([rest], reading);
  } finally {
    // The process has not ended for Node while somebody may still read.
    stream?.destroy();
  }
}

/** The part of a chunk that the limit still allows. */
function admit(chunk: Buffer, { left, listeners }: Reading): Buffer {
  const admitted = chunk.subarray(0, left.bytes);
  left.bytes -= admitted.length;
  listeners.onActivity?.(admitted.length);
  if (admitted.length < chunk.length) listeners.onOverflow();
  return admitted;
}

async function handOver(lines: readonly string[], { left, listeners, onLine }: Reading): Promise<void> {
  for (const [index, line] of lines.entries()) {
    if (left.lines === 0) {
      listeners.onOverflow();
      return;
    }
    left.lines -= 1;
    onLine?.(line);
    if ((index + 1) % LINES_PER_TURN === 0) await nextTurn();
  }
}

/** A stream that breaks off has ended: how the process exited says more. */
async function* chunksOf(stream: Readable | null): AsyncGenerator<Buffer> {
  if (stream === null) return;
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const next = await chunks.next().catch(() => undefined);
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}
