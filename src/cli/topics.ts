/**
 * What `elfdeps help TOPIC` prints: short texts, made from the lists of the program where there is one.
 */
import { checkReports } from '../registry/checks.js';
import { needDetectors } from '../registry/needs.js';
import { reports } from '../registry/reports.js';
import { slimReports } from '../registry/slim-reports.js';
import { whyReports } from '../registry/why-reports.js';
import { wrapText } from '../report/wrapped-text.js';
import { rootKinds } from '../root/archive/archive-kinds.js';
import { EXIT_CODES, ON_SIGNALS } from './exit-code.js';

/** A text that is no command's. */
export interface Topic {
  readonly name: string;
  /** One line for the list of topics. */
  readonly summary: string;
  /** Paragraphs, and lists of a term and what it means. */
  readonly parts: readonly (string | readonly (readonly [string, string])[])[];
}

/** Every topic, in the order of the list. */
export const topics: readonly Topic[] = [
  {
    name: 'images',
    summary: 'how images are made: dockerfile, copy, tar, image, slim',
    parts: [
      'Four commands write the same files in four forms: dockerfile prints COPY lines, copy writes a' +
        ' directory tree, tar a tar, and image an archive for docker load. slim makes a smaller' +
        ' image of an image.',
      'An image has the programs, their interpreters and libraries, and what they are sure to open' +
        ' at run time. --with adds what is only likely, --include, --package and --opened what you' +
        ' know; --exclude and --without leave something out (elfdeps help needs).',
      'Before anything is written, the image is resolved alone, with the environment that it will' +
        ' have. If something would fail, nothing is written and the exit code is 1;' +
        ' --allow-incomplete goes on.',
      'A program keeps its path; FILE:DEST puts it at DEST. --base builds on another image than' +
        ' scratch, --base-root names the files of that image. --manifest lists every entry with its' +
        ' reason.',
      [
        ['elfdeps dockerfile ./hello', 'the last stage of a Dockerfile'],
        ['elfdeps copy ./hello --to out', 'a tree'],
        ['elfdeps tar ./hello | docker import - hello', 'a tar'],
        ['elfdeps image ./hello -o hello.tar -t hello', 'for docker load'],
        ['elfdeps slim app.tar -o small.tar', 'a smaller image'],
      ],
    ],
  },
  {
    name: 'needs',
    summary: 'what programs open at run time, and the names for --with and --without',
    parts: [
      'A program does not list the files that it opens while it runs. elfdeps finds them by evidence:' +
        ' imported functions, texts, packages. --needs shows them in reports. Images get what is sure;' +
        ' --with NAME adds a kind that is only likely, --without NAME leaves one out. Both take names' +
        ' with commas between them, or all. The kinds:',
      needDetectors.map(({ kind, summary }) => [kind, summary] as const),
    ],
  },
  {
    name: 'roots',
    summary: 'what --root takes, and what paths mean',
    parts: [
      `--root names the file system to resolve in: ${rootKinds()}, plain or compressed with gzip,` +
        ' zstd, xz or bzip2, or - for one on standard input. Without it the root is /.',
      'An absolute path is a path inside the root, and links never lead out of it. A relative path is' +
        ' a file of this machine, put at /NAME; FILE:DEST puts it elsewhere. A name without a slash' +
        ' is a file of the current directory, or else is looked up in PATH, then among the' +
        ' libraries of the root.',
      'ARCHIVE#NAME:TAG or ARCHIVE#OS/CPU chooses among several images. With an image, its' +
        ' environment, user and working directory count, and without a file argument its ENTRYPOINT' +
        ' and CMD are used.',
      'LD_LIBRARY_PATH and LD_PRELOAD of this machine count only for /; --library-path and --preload' +
        ' count for every root. Variants of libraries for newer CPUs count for /, as far as this' +
        ' machine can use them; --hwcaps says otherwise. --ldconfig answers as after a run of' +
        ' ldconfig in the root.',
    ],
  },
  {
    name: 'formats',
    summary: 'what -f takes in reports, check, why and slim',
    parts: [
      'elfdeps FILE, the first is what you get without -f:',
      reports.map(({ name, summary }) => [name, summary] as const),
      ...[
        ['check', checkReports] as const,
        ['why', whyReports] as const,
        ['slim', slimReports] as const,
      ].map(([command, formats]) => `${command}: ${formats.map(({ name }) => name).join(', ')}.`),
      '-o FILE writes a report to a file, which is then complete or absent. Colours are only for a' +
        ' terminal; --color, NO_COLOR and FORCE_COLOR say otherwise.',
    ],
  },
  {
    name: 'exit-codes',
    summary: 'what 0, 1 and 2 mean',
    parts: [EXIT_CODES.map(([code, text]) => [String(code), text] as const), ON_SIGNALS],
  },
];

/** The widest page; longer lines are hard to read. */
export const PAGE_COLUMNS = 80;

/** A topic as a page that is so many columns wide. */
export function topicPage({ name, summary, parts }: Topic, columns: number): string {
  const paragraphs = parts.map((part) =>
    typeof part === 'string'
      ? wrapText(part, { columns, first: '' }).join('\n')
      : listOf(part, columns),
  );
  const title = wrapText(`${name}: ${summary}`, { columns, first: '' }).join('\n');
  return `${[title, ...paragraphs].join('\n\n')}\n`;
}

/** Terms in one column, texts in the other. */
function listOf(rows: readonly (readonly [string, string])[], columns: number): string {
  const widest = Math.max(...rows.map(([term]) => term.length));
  const rest = ' '.repeat(widest + 4);
  return rows
    .flatMap(([term, text]) =>
      wrapText(text, { columns, first: `  ${term.padEnd(widest)}  `, rest }),
    )
    .join('\n');
}
