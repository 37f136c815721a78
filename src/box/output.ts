/** Reads the output of a box up to a limit, counts it and splits it into lines. */
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

export interface OutputListeners {
  readonly onStdoutLine?: (line: string) => void;
  readonly onStderrLine?: (line: string) => void;
  /** For binary output. */
  readonly onStdoutChunk?: (chunk: Buffer) => void;
  /** Called with the size of every chunk of output, so that a caller can detect silence. */
  readonly onActivity?: (bytes: number) => void;
}

/** The streams that a box writes to. */
export type BoxOutput = Pick<ChildProcess, 'stdout' | 'stderr'>;

export interface OutputSummary {
  stdoutBytes(): number;
  stderrTail(): string;
}

const STDERR_TAIL_BYTES = 16 * 1024;

export function readOutput(
  output: BoxOutput,
  outputBytesMax: number,
  listeners: OutputListeners & { readonly onOverflow: () => void },
): OutputSummary {
  let left = outputBytesMax;
  let stdoutBytes = 0;
  let tail = Buffer.alloc(0);
  /** The part of a chunk that the limit still allows. */
  const admit = (chunk: Buffer): Buffer => {
    const admitted = chunk.subarray(0, left);
    left -= admitted.length;
    listeners.onActivity?.(admitted.length);
    if (admitted.length < chunk.length) listeners.onOverflow();
    return admitted;
  };
  const stdoutLines = lineSplitter(listeners.onStdoutLine);
  const stderrLines = lineSplitter(listeners.onStderrLine);
  output.stdout?.on('data', (chunk: Buffer) => {
    const admitted = admit(chunk);
    stdoutBytes += admitted.length;
    listeners.onStdoutChunk?.(admitted);
    stdoutLines.push(admitted);
  });
  output.stderr?.on('data', (chunk: Buffer) => {
    const admitted = admit(chunk);
    tail = Buffer.concat([tail, admitted]).subarray(-STDERR_TAIL_BYTES);
    stderrLines.push(admitted);
  });
  output.stdout?.on('end', stdoutLines.end);
  output.stderr?.on('end', stderrLines.end);
  return { stdoutBytes: () => stdoutBytes, stderrTail: () => tail.toString('utf8') };
}

/** A line may arrive in several chunks; the last one needs no line feed. Splits text, which is ten times as fast as bytes. */
function lineSplitter(onLine: ((line: string) => void) | undefined) {
  if (onLine === undefined) return { push: () => undefined, end: () => undefined };
  const decoder = new StringDecoder('utf8');
  let unfinished: string[] = [];
  const cut = (text: string): void => {
    const [first = '', ...more] = text.split('\n');
    const last = more.pop();
    unfinished.push(first);
    if (last === undefined) return;
    onLine(unfinished.join(''));
    more.forEach(line => onLine(line));
    unfinished = [last];
  };
  return {
    push: (chunk: Buffer) => cut(decoder.write(chunk)),
    end: () => {
      const rest = [...unfinished, decoder.end()].join('');
      unfinished = [];
      if (rest !== '') onLine(rest);
    },
  };
}
