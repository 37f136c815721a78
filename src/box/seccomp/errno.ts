/** The filter's two answers. EPERM: not allowed. ENOSYS: the call does not exist, so libraries use their fallback. */
export const ERRNO = { EPERM: 1, ENOSYS: 38 } as const;
export type Errno = keyof typeof ERRNO;
