/** What the scheduler worker registers: the one barrel, because Temporal's bundler wants one. */
export { issueWorkflow } from './issue.ts';
export { scanWorkflow } from './scan.ts';
