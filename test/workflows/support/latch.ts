/** A promise with its key: something waits for it until the test opens it. */
export interface Latch {
  readonly open: () => void;
  readonly opened: Promise<void>;
}

export function latch(): Latch {
  let open = (): void => undefined;
  const opened = new Promise<void>(resolve => (open = resolve));
  return { open, opened };
}
