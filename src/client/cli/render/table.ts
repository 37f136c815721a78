/** A compact table: each column as wide as its content, the last one cut to the terminal's width. */
import type { Paint } from '../cli.ts';
import { cut } from './text.ts';

export interface Column {
  readonly title: string;
  /** One plain text per row; colour is added after the width is known. */
  readonly cells: readonly string[];
  readonly colour?: (text: string) => string;
}

const GAP = '  ';
const CELL_CHARS_MAX = 60;

export function table(columns: readonly Column[], paint: Paint, width?: number): readonly string[] {
  const widths = columns.map(({ title, cells }) =>
    Math.min(CELL_CHARS_MAX, Math.max(...[title, ...cells].map(lengthOf))),
  );
  const fitted = fitLast(widths, width);
  const line = (texts: readonly string[], colour: (index: number, text: string) => string): string =>
    texts
      .map((text, index) => colour(index, cell(text, fitted[index] ?? 0, index === texts.length - 1)))
      .join(GAP)
      .trimEnd();
  const rows = columns[0]?.cells.length ?? 0;
  return [
    line(
      columns.map(column => column.title),
      (_index, text) => paint.dim(text),
    ),
    ...Array.from({ length: rows }, (_row, row) =>
      line(
        columns.map(column => column.cells[row] ?? ''),
        (index, text) => columns[index]?.colour?.(text) ?? text,
      ),
    ),
  ];
}

function cell(text: string, width: number, isLast: boolean): string {
  const fitting = cut(text, width);
  return isLast ? fitting : fitting + ' '.repeat(Math.max(0, width - lengthOf(fitting)));
}

const LAST_CHARS_MIN = 10;

function fitLast(widths: readonly number[], width: number | undefined): readonly number[] {
  if (width === undefined) return widths;
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
  const last = Math.max(LAST_CHARS_MIN, Math.min(widths.at(-1) ?? 0, width - before));
  return [...widths.slice(0, -1), last];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
