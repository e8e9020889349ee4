/**
 * The completion script for zsh, for eval and for a directory of fpath.
 * Source: zshcompsys(1), _arguments and _values (quoting of colons and brackets).
 */
import type { CommandWords, Operand, OptionWords } from './command-words.js';

/** The script, which defines _elfdeps and registers it. */
export function zshScript(commands: readonly CommandWords[]): string {
  const [report, ...others] = commands;
  const names = others.map(({ name }) => name).join('|');
  return `#compdef elfdeps
# zsh completion for elfdeps: eval "$(elfdeps completion zsh)", after compinit
_elfdeps_commands() {
  local -a commands=(
${others.map(({ name, text }) => `    ${quoted(`${name}:${text.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  _describe -t commands command commands
}
_elfdeps_first() {
  _alternative 'commands:command:_elfdeps_commands' 'files:file:_files'
}
_elfdeps() {
  local command= i=2
  while ((i < CURRENT)); do
    case $words[i] in
      (${valueOptions(report)}) ((i++)) ;;
      (-*) ;;
      (${names}) command=$words[i]; break ;;
      (*) break ;;
    esac
    ((i++))
  done
  if [[ -n $command ]]; then
    words=($words[1] "\${(@)words[i+1,-1]}")
    ((CURRENT -= i - 1))
  fi
  case $command in
${others.map((command) => `    (${command.name})\n${argumentsOf(command, [`'*: :${action(command.argument)}'`])} ;;`).join('\n')}
    (*)
${report === undefined ? '' : argumentsOf(report, ["'1: :_elfdeps_first'", "'*: :_files'"])} ;;
  esac
}
if [[ $funcstack[1] == _elfdeps ]]; then
  _elfdeps "$@"
else
  compdef _elfdeps elfdeps
fi
`;
}

/** The options of the report whose value is a word of its own, as a pattern. */
function valueOptions(report: CommandWords | undefined): string {
  return (report?.options ?? [])
    .filter(({ value }) => value !== undefined)
    .flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]))
    .join('|');
}

function argumentsOf({ options }: CommandWords, operands: readonly string[]): string {
  const specs = [...options.flatMap(optionSpecs), ...operands];
  return ['      _arguments -s -S', ...specs.map((spec) => `        ${spec}`)].join(' \\\n');
}

/** One for each name; an option may be repeated. */
function optionSpecs({ long, short, text, value }: OptionWords): string[] {
  const about = `[${text.replaceAll(/[\\\][]/g, '\\$&').replaceAll(':', '\\:')}]`;
  const operand = value === undefined ? '' : `:value:${action(value)}`;
  const spec = (flag: string, mark: string) =>
    quoted(`*${flag}${value === undefined ? '' : mark}${about}${operand}`);
  return [spec(long, '='), ...(short === undefined ? [] : [spec(short, '+')])];
}

function action(operand: Operand): string {
  if (operand.kind === 'file') return '_files';
  if (operand.kind === 'directory') return '_files -/';
  if (operand.kind === 'text') return ' ';
  const words = operand.words.join(' ');
  return operand.isList ? `_values -s , name ${words}` : `(${words})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
