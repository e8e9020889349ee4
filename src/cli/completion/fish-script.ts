/**
 * The completion script for fish 3 and later.
 * Source: the documentation of fish, complete and commandline.
 */
import type { CommandWords, Operand, OptionWords } from './command-words.js';

/** The script, which registers every word under the command that has it. */
export function fishScript(commands: readonly CommandWords[]): string {
  const [report, ...others] = commands;
  const names = others.map(({ name }) => name).join(' ');
  return `# fish completion for elfdeps: elfdeps completion fish | source
function __elfdeps_command
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${valueOptions(report)}
            set skip 1
        else if contains -- $word ${names}
            echo $word
            return
        else if not string match -q -- '-*' $word
            echo report
            return
        end
    end
    echo none
end
function __elfdeps_in
    contains -- (__elfdeps_command) $argv
end
function __elfdeps_list
    set -l word (string replace -r '^--[^=]*=' '' -- (commandline -ct))
    set -l before (string match -r '^.*,' -- $word)
    printf '%s\\n' "$before"$argv
end
complete -c elfdeps -e
${others.map(({ name, text }) => `complete -c elfdeps -n '__elfdeps_in none' -a ${name} -d ${quoted(text)}`).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
}

function valueOptions(report: CommandWords | undefined): string {
  return (report?.options ?? [])
    .filter(({ value }) => value !== undefined)
    .flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]))
    .join(' ');
}

function commandLines({ name, options, argument }: CommandWords): string[] {
  const condition = `-n '__elfdeps_in ${name === '' ? 'none report' : name}'`;
  const words =
    argument.kind === 'words'
      ? [`complete -c elfdeps ${condition} -f -a ${quoted(argument.words.join(' '))}`]
      : [];
  return [...options.map((option) => optionLine(condition, option)), ...words];
}

function optionLine(condition: string, { long, short, text, value }: OptionWords): string {
  const flags = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  const operand = value === undefined ? '' : ` ${operandOf(value)}`;
  return `complete -c elfdeps ${condition} ${flags}${operand} -d ${quoted(text)}`;
}

function operandOf(operand: Operand): string {
  if (operand.kind === 'file') return '-r -F';
  if (operand.kind === 'directory') return "-x -a '(__fish_complete_directories)'";
  if (operand.kind === 'text') return '-x';
  const words = operand.words.join(' ');
  return `-x -a ${quoted(operand.isList ? `(__elfdeps_list ${words})` : words)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
