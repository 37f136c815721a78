/** `up`: runs everything that one host needs to work on real repositories, until Ctrl-C. */
import { Option } from 'commander';
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import { repositoryArgument } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { command, type CommandFactory } from '../command.ts';
import type { HostChecks } from '../host-check.ts';
import { lockFolder } from '../up/folder.ts';
import { refuseUnready } from '../up/readiness.ts';
import { runUp } from '../up/run.ts';
import { upSettings } from '../up/settings.ts';
import { upTemporal } from '../up/temporal.ts';
import { SUMMARIES } from '../summaries.ts';

interface UpOptions {
  readonly repo: readonly RepositoryRef[];
}

export function upCommand(hostChecks: HostChecks): CommandFactory {
  return cli =>
    command({
      name: 'up',
      says: SUMMARIES.up,
      examples: [
        'up --repo acme/profile          # needs GITHUB_TOKEN and SIGNALBOX_MODEL_KEY',
        'up --repo acme/a --repo acme/b  # or SIGNALBOX_REPOSITORIES=acme/a,acme/b',
      ],
    })
      .addOption(
        new Option('--repo <owner/repo>', 'Repository to scan, added to SIGNALBOX_REPOSITORIES; repeatable')
          .argParser((text: string, before: readonly RepositoryRef[]) => [
            ...before,
            repositoryArgument(text),
          ])
          .default([], 'none'),
      )
      .action((options: UpOptions) => up(cli, options, hostChecks));
}

/** Checks all prerequisites before it starts anything. */
async function up(cli: Cli, { repo }: UpOptions, hostChecks: HostChecks): Promise<void> {
  const settings = upSettings(cli, repo);
  const unlockFolder = lockFolder(cli);
  try {
    await refuseUnready(cli, settings, hostChecks);
    const temporal = await upTemporal(cli, settings);
    cli.signal.throwIfAborted();
    await runUp({ cli, settings, temporal });
  } finally {
    unlockFolder();
  }
}
