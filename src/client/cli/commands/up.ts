/** `up`: everything one host needs to work on real repositories, until Ctrl-C. */
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { repositoryArgument } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { command, type CommandFactory } from '../command.ts';
import type { HostChecks } from '../host-check.ts';
import { takeFolder } from '../up/folder.ts';
import { refuseUnready } from '../up/readiness.ts';
import { runUp } from '../up/run.ts';
import { upSettings } from '../up/settings.ts';
import { upTemporal } from '../up/temporal.ts';

interface UpOptions {
  readonly repo: readonly RepositoryRef[];
}

export function upCommand(hostChecks: HostChecks): CommandFactory {
  return cli =>
    command({
      name: 'up',
      says: 'run everything for local work: Temporal, scheduler, runner, gateways; Ctrl-C stops it all',
      examples: [
        'up --repo acme/profile          with GITHUB_TOKEN and SIGNALBOX_MODEL_KEY in the environment',
        'up --repo acme/a --repo acme/b  or SIGNALBOX_REPOSITORIES=acme/a,acme/b',
      ],
    })
      .option(
        '--repo <owner/repo>',
        'a repository to scan for opted-in issues; may be given again',
        (text: string, before: readonly RepositoryRef[]) => [...before, repositoryArgument(text)],
        [],
      )
      .action((options: UpOptions) => up(cli, options, hostChecks));
}

/** Everything that can be looked at is looked at before anything is started. */
async function up(cli: Cli, { repo }: UpOptions, hostChecks: HostChecks): Promise<void> {
  const settings = upSettings(cli, repo);
  const freeFolder = takeFolder(cli);
  try {
    await refuseUnready(cli, settings, hostChecks);
    const temporal = await upTemporal(cli, settings);
    cli.signal.throwIfAborted();
    await runUp({ cli, settings, temporal });
  } finally {
    freeFolder();
  }
}
