/**
 * The simple commands in the text of a shell script, each as its words, read without running anything.
 * Words that the shell would compute (variables, substitutions) stay as they are written, so a caller
 * sees that it cannot know them. Here-documents and arithmetic are not told apart from commands.
 * Source: POSIX.1-2017, Shell Command Language, 2.2 (Quoting), 2.3 (Token Recognition), 2.9 (Commands).
 */

/** A script longer than this is cut: what starts a program stands in the first lines or the last. */
const MAX_TEXT = 1 << 18;

/** Words that stand before a command, or between commands. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', 'case', 'esac', 'in'],
  ...['for', 'select', 'function', '{', '}', '!', 'time', 'exec', 'command', 'builtin', 'nohup'],
]);

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
  for (const token of tokens(text.slice(0, MAX_TEXT))) {
    if (token !== undefined) command.push(token);
    else if (command.length > 0) {
      commands.push(command);
      command = [];
    }
  }
  if (command.length > 0) commands.push(command);
  return commands.map(withoutPrefix).filter((words) => words.length > 0);
}

function withoutPrefix(words: readonly ShellWord[]): ShellWord[] {
  const first = words.findIndex(
    ({ text }) => !KEYWORDS.has(text) && !/^[A-Za-z_]\w*\+?=/.test(text),
  );
  return first < 0 ? [] : withoutRedirections(words.slice(first));
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

/** One quoted or unquoted piece of a word, a separator, a comment or blanks. */
const PIECE =
  /'([^']*)(?:'|$)|"((?:[^"\\]|\\[\s\S])*)(?:"|$)|\\([\s\S])|(\$\{[^}]*\}?|\$\([^)]*\)?|`[^`]*`?|\$\w?)|(;;|&&|\|\||&(?![>&])|[;|()\n])|([ \t\r]+)|([^\s'"\\$`;|&()]+|&>?>?)/y;

/** Words, with undefined between two commands. */
function* tokens(text: string): Generator<ShellWord | undefined> {
  let word: ShellWord | undefined;
  const add = (more: string, isComputed = false) => {
    word = {
      text: (word?.text ?? '') + more,
      isComputed: (word?.isComputed ?? false) || isComputed,
    };
  };
  for (let rest = text; rest !== ''; ) {
    // A comment begins where a word would.
    if (word === undefined && rest.startsWith('#')) {
      const end = rest.indexOf('\n');
      rest = end < 0 ? '' : rest.slice(end);
      continue;
    }
    PIECE.lastIndex = 0;
    const [all = rest[0] ?? '', single, double, escaped, computed, separator, blank, plain] =
      PIECE.exec(rest) ?? [];
    rest = rest.slice(all.length || 1);
    if (separator !== undefined || blank !== undefined) {
      if (word !== undefined) yield word;
      word = undefined;
      if (separator !== undefined) yield undefined;
    } else if (single !== undefined) add(single);
    else if (double !== undefined)
      add(double.replaceAll(/\\(["\\$`])/g, '$1'), /[$`]/.test(double));
    else if (escaped !== undefined) add(escaped === '\n' ? '' : escaped);
    else if (computed !== undefined) add(computed, true);
    else add(plain ?? all);
  }
  if (word !== undefined) yield word;
}
