/**
 * The manual page, made from the definitions that commander parses with and from the help topics.
 * Source: man(7) of groff and of mandoc, which must both take it without a warning.
 */
import type { Command, Option } from 'commander';
import { wrapText } from '../report/wrapped-text.js';
import { examplesOf } from './examples.js';
import { EXIT_CODES, ON_SIGNALS } from './exit-code.js';
import { type Topic, topics } from './topics.js';
import { readVersion } from './version.js';

/** When the page was last read as a whole, as TH asks; the time of the build would make each build another. */
const REVISED = '2026-11-30';

/** The longest line of the source before characters are escaped. */
const COLUMNS = 64;

/** Files of a root that decide an answer. */
const FILES: readonly (readonly [string, string])[] = [
  ['/etc/ld.so.cache', 'The cache of glibc. --ldconfig answers as after a run of ldconfig.'],
  ['/etc/ld.so.conf', 'The directories of ldconfig: for --ldconfig.'],
  ['/etc/ld.so.preload', 'Libraries that glibc loads before all others.'],
  ['/etc/ld-musl-ARCH.path', 'The directories of musl.'],
  ['/etc/passwd, /etc/group', 'Names for --user.'],
  [
    '/var/lib/dpkg, /lib/apk, /var/lib/pacman, /var/lib/rpm',
    'The package database: whose a file is, and what its package depends on.',
  ],
];

/** Variables of this machine that count. */
const ENVIRONMENT: readonly (readonly [string, string])[] = [
  [
    'LD_LIBRARY_PATH, LD_PRELOAD, LD_AUDIT',
    'As for the loader, but only if the root is /. --library-path and --preload count for every root.',
  ],
  ['PATH', 'Where a file argument without a slash is looked up, if the root is /.'],
  ['NO_COLOR, FORCE_COLOR, TERM', 'Whether text reports have colours, unless --color says it.'],
  [
    'SOURCE_DATE_EPOCH',
    'The time of everything in a tar or image, in seconds since 1970. Without it that is 0.',
  ],
  ['ELFDEPS_DEBUG', 'If set, an internal error is printed with its stack.'],
];

const SEE_ALSO = [
  'docker-load(1)',
  'ldd(1)',
  'readelf(1)',
  'tar(1)',
  'elf(5)',
  'ld.so(8)',
  'ldconfig(8)',
];

/** The page of `program`, which has all commands, as roff. */
export function manPage(program: Command): string {
  const { commands } = program;
  const described = (rows: readonly (readonly [string, string])[]) =>
    rows.flatMap(([term, text]) => item(bold(term), text));
  return [
    `.TH ELFDEPS 1 ${REVISED} "elfdeps ${readVersion()}" "User Commands"`,
    // Options are to be copied, so that no line breaks in them.
    '.nh',
    '.ad l',
    ...section('NAME', [`elfdeps \\- ${plain('find the files that a program needs to run')}`]),
    ...section('SYNOPSIS', [
      ...[program, ...commands].flatMap((command, index) => [
        ...(index === 0 ? [] : ['.br']),
        synopsis(program, command),
      ]),
    ]),
    ...section('DESCRIPTION', [line(program.description()), ...topicLines(topicOf('roots'))]),
    ...section('COMMANDS', [
      line('Without a command, elfdeps reports what each file needs and where it is found.'),
      ...commands.flatMap((command) =>
        item(bold(command.name()), `${sentence(command.description())}`),
      ),
    ]),
    ...section('OPTIONS', optionSections(program)),
    ...section('RUN-TIME NEEDS', topicLines(topicOf('needs'))),
    ...section('FORMATS', topicLines(topicOf('formats'))),
    ...section('IMAGES', topicLines(topicOf('images'))),
    ...section('EXIT STATUS', [
      ...EXIT_CODES.flatMap(([code, text]) => item(bold(String(code)), text)),
      '.PP',
      line(ON_SIGNALS),
    ]),
    ...section('FILES', [line('All of them are files of the root:'), ...described(FILES)]),
    ...section('ENVIRONMENT', described(ENVIRONMENT)),
    ...section(
      'EXAMPLES',
      // A command line of several pages is told once.
      [
        ...new Map(
          [program, ...commands].flatMap((command) =>
            examplesOf(command === program ? '' : command.name()),
          ),
        ),
      ].flatMap(([words, text]) => item(bold(words), sentence(text))),
    ),
    ...section('SEE ALSO', [
      ...SEE_ALSO.map((page, index) => {
        const [, name = '', number = ''] = /^(.*)(\(\d\))$/.exec(page) ?? [];
        return `.BR ${plain(name)} ${number}${index === SEE_ALSO.length - 1 ? '' : ','}`;
      }),
    ]),
    '',
  ].join('\n');
}

function topicOf(name: string): Topic {
  return topics.find((topic) => topic.name === name) ?? { name, summary: '', parts: [] };
}

function topicLines({ parts }: Topic): string[] {
  return parts.flatMap((part) =>
    typeof part === 'string'
      ? ['.PP', line(part)]
      : part.flatMap(([term, text]) => item(bold(term), sentence(text))),
  );
}

function synopsis(program: Command, command: Command): string {
  const usage = command.usage().replace('[command] ', '');
  const words = command === program ? usage : `${command.name()} ${usage}`;
  return `${bold('elfdeps')} ${words
    .split(' ')
    .map((word) => (/^[[<]/.test(word) ? `\\fI${plain(word)}\\fR` : bold(word)))
    .join(' ')}`;
}

/** The options of the report by their headings, then those of commands by the commands that share them. */
function optionSections(program: Command): string[] {
  const sections = new Map<string, Option[]>();
  const add = (heading: string, option: Option) => {
    const known = sections.get(heading);
    if (known === undefined) sections.set(heading, [option]);
    else known.push(option);
  };
  for (const option of program.options)
    add((option.helpGroupHeading ?? 'Options of the report').replace(/:$/, ''), option);
  const keyOf = ({ flags, description }: Option) => `${flags} ${description}`;
  const shared = new Set(program.options.map(keyOf));
  const owners = new Map<string, string[]>();
  const optionsOf = ({ options }: Command) => options.filter((o) => !shared.has(keyOf(o)));
  for (const command of program.commands)
    for (const option of optionsOf(command)) {
      const known = owners.get(keyOf(option)) ?? [];
      owners.set(keyOf(option), [...known, command.name()]);
    }
  for (const command of program.commands)
    for (const option of optionsOf(command)) {
      const names = owners.get(keyOf(option)) ?? [];
      if (names[0] === command.name()) add(`Options of ${names.join(', ')}`, option);
    }
  return [...sections].flatMap(([heading, options]) => [
    `.SS ${quotedWords(heading)}`,
    ...options.flatMap(({ flags, description }) => item(flagsLine(flags), sentence(description))),
  ]);
}

/** `-f, --format <name>` with bold flags and the placeholder in italics. */
function flagsLine(flags: string): string {
  const [names = '', placeholder] = flags.split(' <');
  const value = placeholder === undefined ? '' : ` \\fI${plain(placeholder.replace(/>$/, ''))}\\fR`;
  return `${names.split(', ').map(bold).join(', ')}${value}`;
}

function section(title: string, lines: readonly string[]): string[] {
  // A paragraph begins with the section.
  return [`.SH ${quotedWords(title)}`, ...(lines[0] === '.PP' ? lines.slice(1) : lines)];
}

function item(term: string, text: string): string[] {
  return ['.TP', term, line(text)];
}

const bold = (text: string) => `\\fB${plain(text)}\\fR`;
const quotedWords = (text: string) => `"${plain(text)}"`;

/** Text in lines, none of which may be taken for a macro. */
function line(text: string): string {
  return wrapText(text, { columns: COLUMNS, first: '' })
    .map((each) => plain(each).replace(/^(?=[.'])/, '\\&'))
    .join('\n');
}

function sentence(text: string): string {
  const begun = text.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());
  return /[.?!:]$/.test(begun) ? begun : `${begun}.`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

/** As it stands, in every device: quotes and dashes that can be copied. */
function plain(text: string): string {
  return text.replaceAll(/[\\'`^~"-]/g, (character) => ESCAPES[character] ?? character);
}
