/**
 * The completion script for bash 4 and later, without the package bash-completion.
 * Source: the Bash manual, Programmable Completion (COMP_WORDS, compgen, compopt). Readline takes
 * `--format=json` for three words, since = breaks words.
 */
import type { CommandWords, Operand, OptionWords } from './command-words.js';

/** The script, which defines _elfdeps and registers it. */
export function bashScript(commands: readonly CommandWords[]): string {
  const [report, ...others] = commands;
  return `# bash completion for elfdeps: eval "$(elfdeps completion bash)"
_elfdeps_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}
_elfdeps_list() {
  local before=
  [[ $cur == *,* ]] && before=\${cur%,*},
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${cur##*,}"))
  compopt -o nospace
}
_elfdeps_paths() {
  local IFS=$'\\n'
  COMPREPLY+=($(compgen "$1" -- "$cur"))
  compopt -o filenames
}
_elfdeps() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= operands=0 i
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${valueOptions(report)})
        [[ \${COMP_WORDS[i+1]} == = ]] && ((i++))
        ((i++)) ;;
      -*) ;;
      ${others.map(({ name }) => name).join('|')}) command=\${COMP_WORDS[i]}; break ;;
      *) operands=1; break ;;
    esac
  done
  case $command,$prev in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${others.map(commandCase).join('\n')}
    *)
      if [[ $cur == -* ]]; then
        _elfdeps_words '${optionList(report)}'
      else
        ((operands)) || _elfdeps_words '${others.map(({ name }) => name).join(' ')}'
        _elfdeps_paths -f
      fi ;;
  esac
}
complete -F _elfdeps elfdeps
`;
}

/** The options of the report that take a value, as a pattern. */
function valueOptions(report: CommandWords | undefined): string {
  return (report?.options ?? [])
    .filter(({ value }) => value !== undefined)
    .flatMap(flagsOf)
    .join('|');
}

function valueCases({ name, options }: CommandWords): string[] {
  return options.flatMap((option) => {
    if (option.value === undefined) return [];
    const pattern = flagsOf(option)
      .map((flag) => `${name},${flag}`)
      .join('|');
    return [`    ${pattern}) ${action(option.value)}; return ;;`];
  });
}

function commandCase(command: CommandWords): string {
  return `    ${command.name})
      if [[ $cur == -* ]]; then
        _elfdeps_words '${optionList(command)}'
      else
        ${action(command.argument)}
      fi ;;`;
}

function action(operand: Operand): string {
  if (operand.kind === 'file') return '_elfdeps_paths -f';
  if (operand.kind === 'directory') return '_elfdeps_paths -d';
  if (operand.kind === 'text') return ':';
  return `_elfdeps_${operand.isList ? 'list' : 'words'} '${operand.words.join(' ')}'`;
}

function optionList(command: CommandWords | undefined): string {
  return (command?.options ?? []).flatMap(flagsOf).join(' ');
}

function flagsOf({ long, short }: OptionWords): string[] {
  return short === undefined ? [long] : [long, short];
}
