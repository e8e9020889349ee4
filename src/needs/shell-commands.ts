/**
 * The simple commands in the text of a shell script, each as its words, read without running anything.
 * Words that the shell would compute (variables, substitutions) stay as they are written, so a caller
 * sees that it cannot know them. Here-documents and arithmetic are not told apart from commands.
 * Source: POSIX.1-2017, Shell Command Language, 2.2 (Quoting), 2.3 (Token Recognition), 2.9 (Commands).
 */

/** Characters of a script that are read; a longer one has an archive behind it, or is a program of its own. */
export const MAX_SCRIPT = 1 << 18;

/** `$(...)` and backquotes with nothing of their kind inside. */
export const SUBSTITUTION = /\$\(([^()]*)\)|`([^`]*)`/g;

/** The words behind `.` and `source`: files that a script reads as a part of itself. */
export function sourceWords(script: string): ShellWord[] {
  return shellCommands(script).flatMap(([first, word]) =>
    word !== undefined && /^(?:\.|source)$/.test(first?.text ?? '') ? word : [],
  );
}

/** Words that stand before a command, or between commands. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', 'esac', 'in'],
  ...['{', '}', '!', 'time', 'exec', 'command', 'builtin', 'nohup'],
]);
/** Words before a name or a value, so no command follows them before the next separator. */
const WITHOUT_COMMAND: ReadonlySet<string> = new Set(['for', 'select', 'case', 'function']);

/** A word of a command: its text without quotes. */
export interface ShellWord {
  readonly text: string;
  /** The shell computes a part of it. */
  readonly isComputed: boolean;
}

/**
 * The commands in their order, without assignments in front, redirections and keywords. Never throws: a
 * quote without an end goes to the end of the text.
 */
export function shellCommands(text: string): ShellWord[][] {
  const commands: ShellWord[][] = [];
  let command: ShellWord[] = [];
  let open = 0;
  let pipeline = 0;
  for (const token of tokens(text.slice(0, MAX_SCRIPT))) {
    if (typeof token !== 'string') {
      command.push(token);
      continue;
    }
    open += { '(': 1, ')': -1 }[token] ?? 0;
    // The patterns of `case` end with a parenthesis that nothing opens: `a|b)`.
    if (open < 0) commands.length = pipeline;
    else if (command.length > 0) commands.push(command);
    open = Math.max(open, 0);
    command = [];
    if (token !== '|') pipeline = commands.length;
  }
  if (command.length > 0) commands.push(command);
  return commands.map(withoutPrefix).filter((words) => words.length > 0);
}

function withoutPrefix(words: readonly ShellWord[]): ShellWord[] {
  const first = words.findIndex(
    ({ text }) => !KEYWORDS.has(text) && !/^[A-Za-z_]\w*\+?=/.test(text),
  );
  if (first < 0 || WITHOUT_COMMAND.has(words[first]?.text ?? '')) return [];
  return withoutRedirections(words.slice(first));
}

/** `>file` and `2>` with the word behind it go. */
function withoutRedirections(words: readonly ShellWord[]): ShellWord[] {
  const kept: ShellWord[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const redirection = /^\d*(?:>>?|<<?<?|>&|<&|&>>?|>\|)(.*)$/.exec(word.text);
    if (redirection === null || word.isComputed) kept.push(word);
    else if (redirection[1] === '') at++;
  }
  return kept;
}

/** A piece of a word without quotes or in single ones, a separator or blanks. */
const PIECE =
  /'(?<single>[^']*)(?:'|$)|\\(?<escaped>[\s\S])|(?<computed>\$\{[^}]*\}?|`[^`]*`?|\$\w?)|(?<separator>;;|&&|\|\||&(?![>&])|[;|()\n])|(?<blank>[ \t\r]+)|(?<plain>[^\s'"\\$`;|&()<>]*[<>]&|[^\s'"\\$`;|&()]+|&>?>?)/y;

type Groups = Partial<Record<string, string>>;

/** Words, and what separates two commands. */
function* tokens(text: string): Generator<ShellWord | string> {
  let word: ShellWord | undefined;
  for (let at = 0; at < text.length; ) {
    // A comment begins where a word would.
    if (word === undefined && text[at] === '#') {
      at = lineEnd(text, at);
      continue;
    }
    const { piece, groups } = pieceAt(text, at);
    at += piece.length;
    const { separator, blank } = groups;
    if (separator === undefined && blank === undefined) {
      word = joined(word, partOf(piece, groups));
      continue;
    }
    if (word !== undefined) yield word;
    word = undefined;
    if (separator !== undefined) yield separator;
  }
  if (word !== undefined) yield word;
}

/** What stands at a place: there may be quotes in a substitution, and substitutions in quotes. */
function pieceAt(text: string, at: number): { piece: string; groups: Groups } {
  if (text[at] === '"') {
    const piece = text.slice(at, nestedEnd(text, at));
    return { piece, groups: { double: piece.slice(1).replace(/"$/, '') } };
  }
  if (text.startsWith('$(', at)) {
    const piece = text.slice(at, nestedEnd(text, at));
    return { piece, groups: { computed: piece } };
  }
  PIECE.lastIndex = at;
  const found = PIECE.exec(text);
  return { piece: found?.[0] ?? (text[at] as string), groups: found?.groups ?? {} };
}

/** The next character of meaning in double quotes, and in a substitution; `'...'` counts as a whole there. */
const IN_QUOTES = /(?:[^"\\$]|\\[\s\S]|\$(?!\())*("|\$\(|$)/y;
const IN_SUBSTITUTION = /(?:[^"'\\$()]|\\[\s\S]|'[^']*'|\$(?!\())*(["()]|\$\(|'|\\?$)/y;

/**
 * Where a double quote or a `$(` that begins at a place ends, behind its last character; the end of the
 * text where nothing closes it.
 */
export function nestedEnd(text: string, start: number): number {
  const open: string[] = [];
  let at = start;
  do {
    const inside = open.at(-1) === '"' ? IN_QUOTES : IN_SUBSTITUTION;
    inside.lastIndex = at;
    const mark = inside.exec(text)?.[1];
    if (mark === undefined || mark.length === 0 || mark === "'") return text.length;
    at = inside.lastIndex;
    if (mark === ')' || (mark === '"' && open.at(-1) === '"')) open.pop();
    else open.push(mark);
  } while (open.length > 0);
  return at;
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** What a piece adds to a word, without its quotes. A backslash before the end of a line adds nothing. */
function partOf(piece: string, { single, double, escaped, computed }: Groups): ShellWord {
  if (double !== undefined) {
    const text = double.replaceAll(/\\(["\\$`])/g, '$1');
    return { text, isComputed: /[$`]/.test(double) };
  }
  if (escaped !== undefined) return { text: escaped === '\n' ? '' : escaped, isComputed: false };
  return { text: single ?? piece, isComputed: computed !== undefined };
}

function joined(word: ShellWord | undefined, { text, isComputed }: ShellWord): ShellWord {
  if (word === undefined) return { text, isComputed };
  return { text: word.text + text, isComputed: word.isComputed || isComputed };
}
