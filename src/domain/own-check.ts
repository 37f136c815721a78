/** What Signalbox reports on commits itself, by name. It never judges its own change. Pure. */

const OWN_STATUS_PREFIX = 'signalbox/';
/** The name of our status and of our check run. */
export const EVIDENCE_CONTEXT = `${OWN_STATUS_PREFIX}evidence`;

/** Our own reports, by the context of a status or by the login of our App. */
export function isOwnCheck(
  { name, app }: { readonly name: string; readonly app?: string },
  ownLogin: string,
): boolean {
  return (
    name.startsWith(OWN_STATUS_PREFIX) ||
    (app !== undefined && `${app}[bot]`.toLowerCase() === ownLogin.toLowerCase())
  );
}

/** The first name that only Signalbox reports. */
export function ownCheckIn(names: readonly string[]): string | undefined {
  return names.find(name => isOwnCheck({ name }, ''));
}
