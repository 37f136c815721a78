/** The completion script for bash. */
import type { CompletedCommand } from './tree.ts';

/** `_signalbox_words PATH` prints the possible next words; `_signalbox_values PATH FLAG` the possible values of a flag. */
export function bashScript(tree: readonly CompletedCommand[]): string {
  return `# bash completion for signalbox: source <(signalbox completion bash)
_signalbox_words() {
  case "$1" in
${tree.map(({ path, commands, options, choices }) => wordsCase(path, [...commands.map(({ name }) => name), ...choices, ...options.flatMap(({ flags }) => flags)])).join('\n')}
  esac
}
_signalbox_values() {
  case "$1 $2" in
${valueCases(tree).join('\n')}
  *) return 1 ;;
  esac
}
_signalbox_takes_file() {
  case "$1" in
  ${oneOf(tree.filter(({ takesFile }) => takesFile))}) return 0 ;;
  *) return 1 ;;
  esac
}
_signalbox_is_command() {
  case "$1" in
  ${oneOf(tree.filter(({ path }) => path !== ''))}) return 0 ;;
  *) return 1 ;;
  esac
}
_signalbox() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" next index words
  local IFS=$'\\n'
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="\${path:+$path }\${COMP_WORDS[index]}"
    if _signalbox_is_command "$next"; then path="$next"; fi
  done
  if words="$(_signalbox_values "$path" "$previous")"; then
    COMPREPLY=($(IFS=' '; compgen -W "$words" -- "$current"))
    return
  fi
  words="$(_signalbox_words "$path")"
  COMPREPLY=($(IFS=' '; compgen -W "$words" -- "$current"))
  if [[ "$current" != -* ]] && _signalbox_takes_file "$path"; then
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _signalbox signalbox
`;
}

function wordsCase(path: string, words: readonly string[]): string {
  return `  '${path}') echo '${words.join(' ')}' ;;`;
}

/** A free-form value completes to nothing, not to commands. */
function valueCases(tree: readonly CompletedCommand[]): readonly string[] {
  return tree.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ flags, choices }) =>
        flags.map(flag => `  '${path} ${flag}') echo '${choices.join(' ')}' ;;`),
      ),
  );
}

/** A pattern for `case`; without commands, one that never matches. */
function oneOf(commands: readonly CompletedCommand[]): string {
  return commands.length === 0 ? "'-'" : commands.map(({ path }) => `'${path}'`).join(' | ');
}
