/**
 * Programs that a script in a language of its own starts: names and paths in quotes, in the script and in the modules
 * of its package, of programs that this package, or one of a program that the user names beside it, has or depends
 * on, or that its own recommends or suggests; and commands
 * that every system has, where a call or a pipeline begins with them.
 */
import { readerOf } from '../closure/script-interpreter.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { baseName } from '../root/path-text.js';
import { companionsOf, helpersOf } from './command-names.js';
import { namedTree } from './named-tree.js';
import type { FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { commandsIn, needsMany } from './related-packages.js';
import { commandOf, MOST_COMMANDS } from './script-commands.js';
import { isShellScript } from './shells.js';

const MODULE = /\.(?:py|rb|p[lm])$/;
const MOST_MODULES = 1024;
/** `'gs'`, `'/usr/bin/m4'` */
const QUOTED = /(["'`])((?:\/[\w.+-]{1,63}){2,8}|[a-z][\w.+-]{1,63})\1/g;

/** Bytes of a program that is never large. */
const SMALL = 1 << 19;

/** What a call or a pipeline in quotes begins with: `system('cp', ...)`, `run(["cp", ...])`, `"x | grep y"` */
const CALLED =
  /(?:(?<=["'`{(][^\n]{0,200})\||\b(?:system|exec|p?open|spawn|run|call|check_\w+)[ \t]{0,9}\(?\[?["'`])[ \t]{0,9}([a-z][\w+-]{1,63})(?=["'`\s])/gi;
/** A command with an option or a number, in quotes: `'mkdir -p %s'`, `'sleep 0'` */
const LINE = /["'`]([a-z][\w+-]{1,63})[ \t](?:-[a-z]|\d)/g;

/** A call that is nothing else, with arguments: `system("openssl genrsa")` */
const SYSTEM = /\bsystem[ \t]*\(?[ \t]*["'`]([a-z][\w+-]{1,63})[ \t]/g;

/** None of a script of a shell, and of one without a package. */
export function quotedCommands(facts: ProgramFacts): FoundNeed[] {
  const { packages, files, place, closure } = facts;
  const { path, realPath, shebang } = closure.program;
  const owner = packages?.ownerOf(realPath);
  if (packages === undefined || owner === undefined || shebang === undefined) return [];
  if (isShellScript(files, shebang, place)) return [];
  const modules = packages.filesOf(owner).filter((each) => MODULE.test(each));
  const inTexts = [realPath as string, ...modules.slice(0, MOST_MODULES)].map((each) =>
    namesIn(files, each),
  );
  const { own, suggested } = helpersOf(facts);
  const every = companionsOf(facts);
  const near = [own, suggested, every, commandsBeside(facts, packages)];
  const distant = distantOf(packages, owner);
  const words = new Set(
    inTexts.flatMap(({ quoted, called, system }) => {
      const known = quoted.filter((word) => !every.has(word) || own.has(word));
      return [...known, ...called.filter((word) => every.has(word)), ...system];
    }),
  );
  // These count whichever package they belong to.
  const meant = new Set(inTexts.flatMap(({ system }) => system));
  const reader = readerOf(files, shebang, place);
  const interpreter = files.realPathOf(reader);
  // An alternative is a link to the program that a package has.
  const found = [...words]
    .flatMap((word) => commandOf(facts, word) ?? [])
    .map((named) => ({ named, real: files.realPathOf(named) }))
    .filter((each) => isOf([...near, distant, meant], each))
    .filter((each) => isOf([own, suggested], each) || isTool(facts, each.real, interpreter))
    .filter((each) =>
      each.real === interpreter
        ? isOf(near, each)
        : each.real !== realPath && packages.ownerOf(each.real) !== packages.ownerOf(reader),
    )
    .slice(0, MOST_COMMANDS);
  const isLarge = (each: (typeof found)[number]) => {
    if (!isOf(near, each)) return true;
    const its = suggested.has(baseName(each.real)) ? packages.ownerOf(each.real) : undefined;
    return its !== undefined && needsMany(packages, its);
  };
  const called = new Set(inTexts.flatMap((each) => each.called));
  // A word alone is more often that of a format than that of a large program.
  const isFar = (each: (typeof found)[number]) =>
    suggested.has(baseName(each.real)) &&
    !isOf([own, called], each) &&
    (isLarge(each) || namedTree(files, each.real).bytes > SMALL);
  const needs: FoundNeed[] = [];
  const add = (those: typeof found, confidence: FoundNeed['confidence']) => {
    const names = those.map(({ named }) => named);
    const because = `${path} names ${names.slice(0, 3).join(', ')}`;
    // The script's own interpreter by another name: `app-python`.
    const links = those.filter(({ real }) => real === interpreter).map(({ named }) => named);
    const starts = names.filter((name) => !links.includes(name));
    if (names.length > 0) needs.push({ because, starts, files: links, confidence });
  };
  add(
    found.filter((each) => !isLarge(each) && !isFar(each)),
    'sure',
  );
  add(
    found.filter((each) => isLarge(each) && !isFar(each)),
    'likely',
  );
  add(found.filter(isFar), 'possible');
  return needs;
}

/** Bytes of a tool that every system has. An interpreter is larger, and does nothing without a script. */
const MOST_TOOL = 1 << 21;

function isTool({ files }: ProgramFacts, path: string, interpreter: string): boolean {
  const file = files.resolve(path);
  return path === interpreter || (file.found && file.entry.size <= MOST_TOOL);
}

function isOf(
  names: readonly ReadonlySet<string>[],
  { named, real }: { named: string; real: string },
) {
  return names.some((all) => all.has(baseName(real)) || all.has(baseName(named)));
}

/** Names of commands that come along with other programs of the image: `ar`, where the user names gcc. */
function commandsBeside({ together, files }: ProgramFacts, packages: PackageDatabase) {
  const owners = together.flatMap((path) => packages.ownerOf(files.realPathOf(path)) ?? []);
  const all = owners.flatMap((each) => [each, ...packages.dependenciesOf(each)]);
  return new Set(all.flatMap(commandsIn(packages)));
}

/** Names of commands of what the packages that a package depends on need in turn: `useradd` by adduser. */
function distantOf(packages: PackageDatabase, owner: Package): ReadonlySet<string> {
  const next = packages.dependenciesOf(owner).flatMap((each) => packages.dependenciesOf(each));
  return new Set([...new Set(next)].flatMap(commandsIn(packages)));
}

/** What stands in quotes as a whole, and what is called. */
const namesIn = madeOncePerPath((files, path) => {
  const text = files.readText(path) ?? '';
  return {
    quoted: [...new Set([...text.matchAll(QUOTED)].map(([, , word = '']) => word))],
    system: [...text.matchAll(SYSTEM)].map(([, word = '']) => word),
    called: [
      ...new Set([...text.matchAll(CALLED), ...text.matchAll(LINE)].map(([, word = '']) => word)),
    ],
  };
});
