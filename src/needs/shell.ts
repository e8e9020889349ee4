/**
 * /bin/sh, which system() and popen() start, or the program itself. No file shows whether a program
 * ever does so, and many images have no shell on purpose: it is added only on demand, or where the program
 * has a pipeline in its data, or starts the shell of its user.
 * Source: glibc sysdeps/posix/system.c, libio/iopopen.c; musl src/process/system.c.
 */

import { commandLines } from './command-lines.js';
import { configurationFiles } from './configuration-files.js';
import { evidenceText, type Import } from './evidence.js';
import { filesAt } from './files-below.js';
import { environmentOf } from './languages/environment.js';
import { execCalls, shellCalls, userShellCalls } from './libc-functions.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { userFiles } from './users.js';

const SHELL = '/bin/sh';
const SHELLS = '/etc/shells';

export const shell = defineNeed({
  kind: 'shell',
  summary: '/bin/sh for system() and popen()',
  documentation: {
    evidence:
      'an import of `system`, `popen` or `wordexp`; of `execve` and its like in a program that has the text `/bin/sh`; sure where its data has a pipeline, for `system` and `popen` another command line, or, beside `/bin/sh`, the text `SHELL`, or its configuration a command in quotes, with an import of `getusershell`, and for modules of node that start programs by a shell (`promise-spawn`)',
    added:
      '`/bin/sh` with its libraries; for `getusershell` `/etc/shells`, and the shells of the users in the image',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    const users = userShells(facts);
    if (users !== undefined) return users;
    const module = spawningModule(facts);
    if (module !== undefined && facts.files.resolve(SHELL).found)
      return { because: `${module} starts a shell`, starts: [SHELL] };
    const because = facts.because('shell', findShellCall(facts));
    if (because === undefined || !facts.files.resolve(SHELL).found) return undefined;
    return { because, confidence: isSure(facts) ? 'sure' : 'likely', starts: [SHELL] };
  },
  absent: {
    rules: [
      {
        code: 'SHELL_MISSING',
        levels: ['warning', 'note'],
        summary: 'The program starts /bin/sh, which is not in the root.',
        cause: 'system() and popen() start it, and fail without a message.',
        remedy: 'Put a shell into the root, if these calls are made.',
      },
    ],
    check(facts) {
      // A static program may have these functions and never call them.
      if (facts.closure.loader === null || facts.files.resolve(SHELL).found) return [];
      const call = findShellCall(facts);
      if (call === undefined) return [];
      const { symbol, object } = call;
      const { path } = object;
      return [
        {
          code: 'SHELL_MISSING',
          // A library may have functions that this program never calls.
          severity: object.role === 'program' ? 'warning' : 'note',
          path,
          message: shellCalls.includes(symbol)
            ? `${path}: calls ${symbol}(), and there is no ${SHELL} in the root`
            : `${path}: names ${SHELL} and calls ${symbol}(), and the root has no such file`,
          cause: `${shellCalls.includes(symbol) ? `${symbol}() starts ${SHELL}` : `it may start ${SHELL}`}; without it the status is 127 and nothing is printed`,
          remedy:
            'put a shell at /bin/sh (a static busybox will do), and write ENTRYPOINT and CMD in exec form',
        },
      ];
    },
  },
});

/** A module for starting programs, by its path, and how one of them for node starts a shell. */
const SPAWNING = /(?:spawn|exec|shell)[^/]*\/(?:.+\/)?[^/]+\.[cm]?js$/;
const BY_SHELL = /['"](?:\/bin\/)?sh['"]|\bshell: *true\b/;

/** The first module of a script that starts commands through a shell; undefined where no name of one tells. */
function spawningModule(facts: ProgramFacts): string | undefined {
  const { own = [] } = (facts.scripts.length > 0 ? environmentOf(facts) : undefined) ?? {};
  const modules = own.flatMap((tree) => filesAt(facts.files, tree)).map(({ path }) => path);
  return modules
    .filter((path) => SPAWNING.test(path))
    .find((path) => {
      const text = facts.readText(path);
      return text?.includes('child_process') && BY_SHELL.test(text);
    });
}

/** The list of shells, for what lets only users with one of them in; their shells, where it starts programs. */
function userShells(facts: ProgramFacts): FoundNeed | undefined {
  const call = facts.findOwnImport(userShellCalls);
  const listed = facts.readText(SHELLS)?.split('\n');
  if (call === undefined || listed === undefined) return undefined;
  const isStarting = facts.findOwnImport(execCalls) !== undefined;
  const { '/etc/passwd': passwd = '' } = userFiles(facts);
  const started = listed.filter((path) => isStarting && passwd.includes(`:${path}\n`));
  // Such as su, which takes it for users that have none, and for `su -s`.
  if (isSure(facts) && facts.files.resolve(SHELL).found) started.push(SHELL);
  return { because: evidenceText(call), files: [SHELLS], starts: [...new Set(started)] };
}

/**
 * A pipeline in its data, and a command in its configuration with a word behind it, are for a shell. A
 * program that starts one and knows SHELL runs what its user wants to run.
 */
function isSure(facts: ProgramFacts): boolean {
  const { pipelines, placed, others } = commandLines(facts);
  if (pipelines.length + placed.length > 0) return true;
  if (others.length > 0 && facts.findOwnImport(shellCalls) !== undefined) return true;
  const own = findOwnShell(facts);
  if (own === undefined) return false;
  const isVariable = (text: string) => /^[A-Z_]*SHELL$|\$[({]?SHELL\b/.test(text);
  if (facts.findText(own.object, 'SHELL', isVariable) !== undefined) return true;
  const { texts, programs } = configurationFiles(facts);
  return [...texts.values()].some((text) =>
    programs.some((path) => text.includes(`"${path} `) || text.includes(`'${path} `)),
  );
}

/** What starts a shell: the program first, by a function that does or by the shell's path. */
function findShellCall(facts: ProgramFacts): Import | undefined {
  return facts.findOwnImport(shellCalls) ?? findOwnShell(facts) ?? facts.findImport(shellCalls);
}

/** A program that has the path as a text, and starts programs. */
function findOwnShell(facts: ProgramFacts): Import | undefined {
  const call = facts.findOwnImport(execCalls);
  if (call === undefined || facts.textsAmong(call.object, [SHELL]).size === 0) return undefined;
  return { ...call, text: `${call.text}, and names ${SHELL}` };
}
