/**
 * The modules of an interpreter: its standard library, without which it cannot do what it is for, the
 * modules of the application that it runs, and those that someone installed for it.
 */
import { listed } from '../errors.js';
import { environmentOf } from './languages/environment.js';
import { missingImports } from './languages/missing-imports.js';
import { moduleContents } from './languages/module-contents.js';
import { isStandardApart } from './languages/module-files.js';
import { standardPaths } from './languages/named-trees.js';
import { isPython, pythonLandmarks } from './languages/python.js';
import { missingFiles } from './missing-files.js';
import { defineNeed, type FoundNeed, type NeedAbsence } from './need.js';
import type { ProgramFacts } from './program-facts.js';

const PYTHON = missingFiles({
  rule: {
    code: 'PYTHON_MODULES_MISSING',
    levels: ['error', 'warning'],
    summary: 'The standard library of Python is not in the root.',
    cause: 'It is files in lib/pythonX.Y, and Python does not start without them.',
    remedy: 'Put that directory into the root; elfdeps copy adds it.',
  },
  evidence({ closure, program }) {
    if (program === undefined || closure.program.kind !== 'executable') return undefined;
    return { object: program, text: 'is an interpreter of Python' };
  },
  // What only has it in a library may do without; and the variable leads elsewhere.
  severity: (facts) =>
    isPython(facts) && facts.options.environment?.PYTHONHOME === undefined ? 'error' : 'warning',
  paths: pythonLandmarks,
  what: 'none of its modules',
  seen: "ModuleNotFoundError: No module named 'encodings'",
  cause:
    'the standard library of Python is files (os.py and others), and Python does not start without them',
  remedy: 'put lib/pythonX.Y beside its bin into the root (elfdeps copy does)',
});

/** Of interpreters whose standard library stands in their data. */
const NAMED: NeedAbsence<'MODULES_MISSING'> = {
  rules: [
    {
      code: 'MODULES_MISSING',
      levels: ['warning'],
      summary: 'The standard library of an interpreter is not in the root.',
      cause: 'It is files in directories that the interpreter was built with.',
      remedy: 'Put those directories into the root; elfdeps copy adds them.',
    },
  ],
  check: (facts) =>
    standardPaths(facts).flatMap(({ object, paths }) => {
      if (paths.some((path) => facts.existing(path).length > 0)) return [];
      return {
        code: 'MODULES_MISSING',
        severity: 'warning',
        path: object.path,
        message: `${object.path}: names ${paths.join(', ')}, and the root has none of them`,
        cause: 'the standard library of an interpreter is files, which it looks for there',
        remedy: `put ${paths[0]} into the root (elfdeps copy does)`,
      };
    }),
};

/** Of scripts. */
const IMPORTS: NeedAbsence<'IMPORTS_MISSING'> = {
  rules: [
    {
      code: 'IMPORTS_MISSING',
      levels: ['warning'],
      summary: 'A script imports modules that are not in the root.',
      cause: 'The interpreter finds no file of the module, and ends the script.',
      remedy: 'Install the modules in the root, or put them beside the script.',
    },
  ],
  check: (facts) =>
    missingImports(facts).map(({ script, names }) => ({
      code: 'IMPORTS_MISSING',
      severity: 'warning',
      path: script,
      message: `${script}: imports ${listed(names, 'and')}, and the root does not have ${names.length === 1 ? 'it' : 'them'}`,
    })),
};

export const modules = defineNeed({
  kind: 'modules',
  summary: 'the standard library of an interpreter, and the modules of the application',
  documentation: {
    evidence:
      'a program that is Python, Perl, Ruby, Tcl, R, Erlang or another interpreter: `pyvenv.cfg` and `lib/pythonX.Y` around it, directories in its data that hold files of a language; a script of such a language, with modules beside it; a script of node, bun or deno, with the directory of its `package.json`, and `node_modules`; `PYTHONPATH`, `GEM_HOME` and their like of the image',
    added:
      'the standard library without tests, headers and documentation; virtual environments; installed modules that no package owns, those of packages that a script of the image names or its own package needs, and, but for a script of Python, those of packages that someone installed by name; their extension modules with all that these need (those of a standard library that need large libraries are likely)',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    const environment = environmentOf(facts);
    if (environment === undefined) return undefined;
    const { standard, own, because, isEmbedded } = environment;
    if (standard.length + own.length === 0) return undefined;
    const { opens, starts, except, costly } = moduleContents(facts, { standard, own });
    const need: FoundNeed = {
      because,
      confidence: isEmbedded ? 'likely' : 'sure',
      files: [...standard, ...own],
      standard: [...standard, ...own.filter(isStandardApart)],
      except,
      opens,
      starts: [...environment.starts, ...starts],
    };
    if (costly.length === 0 || isEmbedded) return need;
    const names = costly.map(({ name }) => name);
    const large: FoundNeed = {
      because: `${names[0]} needs large libraries`,
      confidence: 'likely',
      files: names,
      standard: names,
      opens: costly,
    };
    return [need, large];
  },
  absent: {
    rules: [...PYTHON.rules, ...NAMED.rules, ...IMPORTS.rules],
    check: (facts: ProgramFacts) => [
      ...PYTHON.check(facts),
      ...NAMED.check(facts),
      ...IMPORTS.check(facts),
    ],
  },
});
