/** What this host lacks for the stage, in one line: no defect of the product. */
export class Unavailable extends Error {}

/** Says the cause in one line, whatever program it comes from. */
export async function orUnavailable<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    throw new Unavailable(`${what}: ${causeOf(error)}`);
  }
}

const CAUSE_CHARACTERS_MAX = 200;

/** The last line that a failed program wrote, or the error's own first line. */
function causeOf(error: unknown): string {
  const {
    stderr = '',
    shortMessage,
    message = String(error),
  } = error as { stderr?: string; shortMessage?: string; message?: string };
  const written = stderr.trim().split('\n').at(-1) ?? '';
  const [own = ''] = (shortMessage ?? message).split('\n');
  return (written === '' ? own : written).slice(0, CAUSE_CHARACTERS_MAX);
}
