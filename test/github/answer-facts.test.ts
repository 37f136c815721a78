/** What is counted about a request to GitHub: a class from a short list, whatever the path, and the rate limit. */
import { expect, test } from '@jest/globals';
import { answerFacts } from '../../src/github/answer-facts.ts';

const api = 'https://api.github.com';

test.each([
  ['GET', `${api}/repos/acme/app`, 'GET repository'],
  ['GET', `${api}/repos/acme/app/issues/7/comments?per_page=100`, 'GET issues'],
  ['POST', `${api}/repos/acme/app/git/refs`, 'POST git'],
  ['PUT', 'https://ghe.example/api/v3/repos/acme/app/pulls/3/merge', 'PUT pulls'],
  ['POST', 'https://ghe.example/api/graphql', 'POST graphql'],
  ['POST', `${api}/app/installations/1/access_tokens`, 'POST app'],
  ['GET', `${api}/repos/acme/app/anything-else/x`, 'GET other'],
  ['BREW', `${api}/teapots/1`, 'OTHER other'],
])('%s %s is of class %s', (method, url, requestClass) => {
  expect(answerFacts(method, url)).toEqual({ requestClass, status: 0 });
});

const answer = (headers: Record<string, string>): Response => new Response('{}', { status: 200, headers });
const quota = {
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': '12',
  'x-ratelimit-reset': '1700000000',
};

test('the rate limit is reported for its resource', () => {
  const facts = answerFacts('GET', `${api}/user`, answer({ ...quota, 'x-ratelimit-resource': 'search' }));
  expect(facts.quota).toEqual({ resource: 'search', limit: 5_000, remaining: 12, resetsAt: 1_700_000_000 });
});

test.each([
  ['no headers', {}],
  ['a header that is missing', { ...quota, 'x-ratelimit-reset': undefined }],
  ['a header that is no number', { ...quota, 'x-ratelimit-limit': 'many' }],
  ['a resource that is no name', { ...quota, 'x-ratelimit-resource': 'a\tb"} 1' }],
])('%s: nothing is reported of the rate limit', (_why, headers) => {
  const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  expect(answerFacts('GET', `${api}/user`, answer(Object.fromEntries(given))).quota).toBeUndefined();
});
