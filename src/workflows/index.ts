/** The workflows that the scheduler worker registers. The only barrel: Temporal's bundler needs one entry point. */
export { issueWorkflow } from './issue.ts';
export { lineWorkflow } from './line.ts';
export { scanWorkflow } from './scan.ts';
