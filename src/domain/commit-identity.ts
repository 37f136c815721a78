/** Author and committer of every commit that is built; `.invalid` can belong to no account. */
export const COMMIT_IDENTITY = { name: 'Signalbox', email: 'signalbox@noreply.invalid' } as const;
