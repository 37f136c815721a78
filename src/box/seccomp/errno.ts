/** The two answers of the filter. EPERM: you may not. ENOSYS: there is no such call, so that libraries take their other way. */
export const ERRNO = { EPERM: 1, ENOSYS: 38 } as const;
export type Errno = keyof typeof ERRNO;
