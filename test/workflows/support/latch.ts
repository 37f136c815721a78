/** A promise that a test resolves: code waits for `opened` until the test calls `open`. */
export interface Latch {
  readonly open: () => void;
  readonly opened: Promise<void>;
}

export function latch(): Latch {
  let open = (): void => undefined;
  const opened = new Promise<void>(resolve => (open = resolve));
  return { open, opened };
}
