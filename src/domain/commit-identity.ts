/** Author and committer of every built commit. A `.invalid` address cannot belong to an account. */
export const COMMIT_IDENTITY = { name: 'Signalbox', email: 'signalbox@noreply.invalid' } as const;
