/** The completion script for fish. */
import type { CompletedCommand, CompletedOption } from './tree.ts';

export function fishScript(tree: readonly CompletedCommand[]): string {
  const paths = tree.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  return `# fish completion for signalbox: signalbox completion fish | source
set -g __signalbox_paths ${paths.join(' ')}
function __signalbox_at
    set -l at ''
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$at $word")
        contains -- "$next" $__signalbox_paths; and set at "$next"
    end
    test "$at" = "$argv[1]"
end
complete -c signalbox -f
${tree.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ path, commands, options, choices, takesFile }: CompletedCommand): readonly string[] {
  const at = `complete -c signalbox -n "__signalbox_at '${path}'"`;
  return [
    ...commands.map(({ name, says }) => `${at} -a '${name}' -d '${says}'`),
    ...choices.map(choice => `${at} -a '${choice}'`),
    ...(takesFile ? [`${at} -F`] : []),
    ...options.map(option => `${at}${optionWords(option)}`),
  ];
}

function optionWords({ flags, says, takesValue, choices }: CompletedOption): string {
  const names = flags.map(flag => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`));
  const values = choices.length === 0 ? '' : ` -a '${choices.join(' ')}'`;
  return `${names.join('')}${takesValue ? ' -x' : ''}${values} -d '${says}'`;
}
