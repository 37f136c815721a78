/** All REST routes, more specific ones first. */
import type { Route } from '../http/route.ts';
import { checkRoutes } from './checks.ts';
import { checkRunRoutes } from './check-runs.ts';
import { commentRoutes } from './comments.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { deliveryRoutes } from './delivery.ts';
import { globalRoutes } from './global.ts';
import { graphqlRoutes } from './graphql.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repository.ts';
import { reviewCommentRoutes } from './review-comments.ts';
import { reviewRoutes } from './reviews.ts';

export const restRoutes = (): Route[] => [
  ...globalRoutes(),
  ...graphqlRoutes(),
  ...repositoryRoutes(),
  ...commentRoutes(),
  ...issueRoutes(),
  ...labelRoutes(),
  ...refRoutes(),
  ...pullRoutes(),
  ...reviewRoutes(),
  ...reviewCommentRoutes(),
  ...checkRoutes(),
  ...deliveryRoutes(),
  ...checkRunRoutes(),
  ...contentRoutes(),
  ...commitRoutes(),
];
