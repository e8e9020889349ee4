/**
 * A `console` block of a document as commands with what they print, and the block made anew from
 * what they print today. A line `...` stands for any lines. Running them is left to ExamplePlace.
 */

/** One command of a session: the shell's words, and what the document says it prints. */
export interface SessionStep {
  readonly shell: string;
  readonly shown: string;
}

const GAP = '...\n';

/** The steps of a block; empty when no line begins with `$ `. */
export function sessionOf(text: string): SessionStep[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = endOfCommand(part);
      return { shell: part.slice(0, end), shown: part.slice(end) };
    });
}

/** A command goes on in the next line behind a backslash, and up to the end of a here-document. */
function endOfCommand(part: string): number {
  const word = /^[^\n]*<<\s*'?(\w+)'?/.exec(part)?.[1];
  if (word !== undefined) return part.indexOf(`\n${word}\n`) + word.length + 2;
  return (/^(?:.*\\\n)*.*\n/.exec(part)?.[0] ?? part).length;
}

/** Whether a command printed what the document shows. */
export function showsWhat(shown: string, printed: string): boolean {
  const parts = piecesOf(shown).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('(?:.*\n)*?')}$`).test(printed);
}

/**
 * What the document should show of `printed`: all of it, or where it leaves lines out, as many lines
 * at the start and at the end as it shows now. Undefined where it leaves out lines in two places
 * around lines that are no longer printed: only a person can choose others.
 */
export function refreshed(shown: string, printed: string): string | undefined {
  if (showsWhat(shown, printed)) return shown;
  const pieces = piecesOf(shown);
  if (pieces.length === 1) return printed;
  const lines = printed.split(/(?<=\n)/);
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  const between = pieces.slice(1, -1);
  if (between.some((piece) => !printed.includes(piece))) return undefined;
  const head = lines.slice(0, countLines(first)).join('');
  const tail = countLines(last) === 0 ? '' : lines.slice(-countLines(last)).join('');
  return [head, ...between, tail].join(GAP);
}

function piecesOf(shown: string): string[] {
  return shown.split(/^\.\.\.\n/m);
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
