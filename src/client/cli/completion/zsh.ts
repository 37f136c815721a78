/** The completion script for zsh. */
import type { CompletedCommand, CompletedOption } from './tree.ts';

export function zshScript(tree: readonly CompletedCommand[]): string {
  return `#compdef signalbox
# zsh completion for signalbox: source <(signalbox completion zsh), or save it as _signalbox in your fpath
_signalbox_at() {
  local -a commands options
  case "$1" in
${tree.map(commandCase).join('\n')}
  esac
}
_signalbox() {
  local at="" word next
  local -i index
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    next="\${at:+$at }$word"
    [[ " \${_signalbox_paths[*]} " == *" \${next// /:} "* ]] && at="$next"
  done
  _signalbox_at "$at" "\${words[CURRENT-1]}"
}
typeset -ga _signalbox_paths
_signalbox_paths=(${tree
    .filter(({ path }) => path !== '')
    .map(({ path }) => path.replaceAll(' ', ':'))
    .join(' ')})
compdef _signalbox signalbox
`;
}

function commandCase({ path, commands, options, choices, takesFile }: CompletedCommand): string {
  const words = [
    ...commands.map(({ name, says }) => pair(name, says)),
    ...choices.map(choice => pair(choice, '')),
  ];
  const lines = [
    ...valueLines(options),
    `    commands=(${words.join(' ')})`,
    `    options=(${options.flatMap(({ flags, says }) => flags.map(flag => pair(flag, says))).join(' ')})`,
    ...(words.length === 0 ? [] : ['    _describe -t commands command commands']),
    '    _describe -t options option options',
    ...(takesFile ? ['    _files'] : []),
  ];
  return `  '${path}')\n${lines.join('\n')}\n    ;;`;
}

function valueLines(options: readonly CompletedOption[]): readonly string[] {
  const cases = options
    .filter(({ takesValue }) => takesValue)
    .map(
      ({ flags, choices }) =>
        `    ${flags.join(' | ')}) ${choices.length === 0 ? '' : `compadd -- ${choices.join(' ')}; `}return ;;`,
    );
  return cases.length === 0 ? [] : ['    case "$2" in', ...cases, '    esac'];
}

/** \`_describe\` splits at the first colon. */
function pair(word: string, says: string): string {
  return `'${word.replaceAll(':', '\\\\:')}${says === '' ? '' : `:${says}`}'`;
}
