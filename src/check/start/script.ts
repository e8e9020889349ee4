/**
 * Scripts: the first line as the kernel reads it, the program that it names, and what env finds.
 * Source: fs/binfmt_script.c (load_script); env(1) of GNU coreutils.
 */
import { SHEBANG_BYTES } from '../../elf/script.js';
import type { Check, CheckContext, Fact } from '../check.js';

export const checkScript: Check = (context) => {
  const { program, interpreter, diagnostics } = context.closure;
  const { path, shebang } = program;
  if (shebang === undefined || interpreter === null) return [];
  const facts: Fact[] = [...longLine(context)];
  const noFile = [
    `exec ${path}: no such file or directory`,
    `${path}: cannot execute: required file not found`,
  ].join('\n');
  if (shebang.interpreter.endsWith('\r'))
    facts.push({
      code: 'SCRIPT_CRLF',
      severity: 'error',
      path,
      message: `${path}: its first line ends with CR LF, so it asks for '${shebang.interpreter}'`,
      seen: noFile,
      cause: 'the kernel takes the carriage return as the last character of the file name',
      remedy: `save it with Unix line ends: sed -i 's/\\r$//' ${path}`,
    });
  else if (interpreter.status === 'missing')
    facts.push({
      code: 'SCRIPT_INTERPRETER_MISSING',
      severity: 'error',
      path,
      message: `${path}: its interpreter ${shebang.interpreter} is not in the root`,
      seen: noFile,
      cause: 'the kernel starts the interpreter of the first line, and it is not there',
      remedy: `put ${shebang.interpreter} into the root, or start the script with a program that is there`,
    });
  else if (interpreter.entry !== undefined && (interpreter.entry.mode & 0o111) === 0)
    facts.push({
      code: 'SCRIPT_INTERPRETER_NOT_EXECUTABLE',
      severity: 'error',
      path,
      message: `${path}: its interpreter ${shebang.interpreter} has no execute bit`,
      seen: `exec ${path}: permission denied`,
      cause: 'the kernel starts only interpreters that are executable',
      remedy: `chmod +x ${shebang.interpreter}`,
    });
  for (const { code, message } of diagnostics)
    if (code === 'SCRIPT_PROGRAM_MISSING') facts.push(envFindsNothing(path, message, shebang));
  return facts;
};

function envFindsNothing(
  path: string,
  message: string,
  shebang: { readonly interpreter: string; readonly argument?: string },
): Fact {
  const name = /finds no '(.*)' in the/s.exec(message)?.[1] ?? '';
  const crlf = shebang.argument?.endsWith('\r') === true;
  return {
    code: crlf ? 'SCRIPT_CRLF' : 'SCRIPT_PROGRAM_MISSING',
    severity: 'error',
    path,
    message: crlf ? `${path}: its first line ends with CR LF, so env looks for '${name}'` : message,
    seen: `${shebang.interpreter}: '${name.replace('\r', '\\r')}': No such file or directory`,
    cause: crlf
      ? 'the carriage return becomes the last character of the name'
      : 'env looks in the directories of PATH, and none of them has an executable file of that name',
    remedy: crlf
      ? `save it with Unix line ends: sed -i 's/\\r$//' ${path}`
      : `put ${name} into a directory of PATH in the root`,
  };
}

/** The kernel looks at 256 bytes: a longer argument is cut, a longer path is no script. */
function* longLine({ closure, files }: CheckContext): Generator<Fact> {
  const { path, shebang } = closure.program;
  const file = files.resolve(path);
  if (!file.found || shebang === undefined) return;
  let head: Uint8Array;
  try {
    head = files.head(file);
  } catch {
    return;
  }
  if (head.length < SHEBANG_BYTES || head.includes(0x0a)) return;
  const cutPath = shebang.argument === undefined;
  yield {
    code: 'SHEBANG_TOO_LONG',
    severity: cutPath ? 'error' : 'warning',
    path,
    message: `${path}: its first line has more than ${SHEBANG_BYTES - 1} bytes`,
    ...(cutPath ? { seen: `exec ${path}: exec format error` } : {}),
    cause: cutPath
      ? 'the kernel reads 256 bytes of the line and starts no interpreter whose path does not end there'
      : 'the kernel reads 256 bytes of the line and cuts what is behind them off the argument',
    remedy: 'make the first line shorter, for instance with a link to the interpreter',
  };
}
