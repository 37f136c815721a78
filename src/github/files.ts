/** Files of a branch through the API. A read returns the id that an overwrite needs; each write is one commit. */
import { z } from 'zod';
import { ask, askOrUndefined } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';

export interface FileAt extends RepositoryName {
  readonly path: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
}

export interface FileFound {
  readonly text: string;
  readonly sha: string;
}

/** Undefined when the file does not exist. Throws `bad-answer` for a folder or a link. */
export async function getFile(github: GitHub, at: FileAt): Promise<FileFound | undefined> {
  const { owner, repo, path, branch } = at;
  const found = await askOrUndefined(
    github.rest.repos.getContent({ owner, repo, path, ref: branch }),
    FileAnswer,
  );
  return found && { text: Buffer.from(found.content, 'base64').toString('utf8'), sha: found.sha };
}

export interface PutFileInput extends FileAt {
  readonly text: string;
  readonly message: string;
  /** The id of the file to overwrite. When the file has another id by then, GitHub refuses: `invalid` or `conflict`. */
  readonly over?: string;
}

export async function putFile(github: GitHub, input: PutFileInput): Promise<void> {
  const { owner, repo, path, branch, text, message, over } = input;
  await ask(
    github.rest.repos.createOrUpdateFileContents({
      owner,
      repo,
      path,
      branch,
      message,
      content: Buffer.from(text, 'utf8').toString('base64'),
      ...(over === undefined ? {} : { sha: over }),
    }),
    WrittenAnswer,
  );
}

const FileAnswer = z.object({
  type: z.literal('file'),
  encoding: z.literal('base64'),
  content: z.string(),
  sha: z.string().min(40),
});
const WrittenAnswer = z.object({ commit: z.object({ sha: z.string().min(40) }) });
