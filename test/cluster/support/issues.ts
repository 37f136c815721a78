/** Issues on the simulated GitHub of a cluster test. */
import type { Outside } from '../../../demo/outside.ts';
import { openRepository, PERSON } from '../../../demo/project.ts';
import { projectIssue } from '../../../simulator/project/history.ts';
import type { IssueRef } from '../../../src/domain/issue-ref.ts';

/** Issues in repositories of their own, so that no change meets another one; none is opted in. */
export async function openIssues(
  { github }: Outside,
  names: readonly string[],
): Promise<readonly IssueRef[]> {
  return await Promise.all(names.map(name => openRepository(github, name)));
}

/** Issues of one repository. */
export async function openIssuesIn(
  outside: Outside,
  name: string,
  count: number,
): Promise<readonly IssueRef[]> {
  const [first] = await openIssues(outside, [name]);
  if (first === undefined) throw new Error(name);
  const person = outside.github.admin.as(PERSON, `${first.owner}/${first.repo}`);
  const issue = await projectIssue();
  const others = Array.from({ length: count - 1 }, () => ({ ...first, ...person.openIssue(issue) }));
  return [first, ...others.map(({ owner, repo, number }) => ({ owner, repo, number }))];
}
