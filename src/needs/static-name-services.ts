/**
 * Static programs of glibc that look up users or hosts: for other services than files and DNS (before
 * 2.34 for those too) they open modules, with the loader and the libc of the very release that they
 * were linked with. The need tells which release that is, and which the root has.
 * Source: glibc manual, "Name Service Switch"; the linker's warning about getaddrinfo.
 */
import type { LoadedObject } from '../loader/loader.js';
import { hostsFile } from './hosts.js';
import { defineNeed } from './need.js';
import { BUILT_IN_SINCE, modulesFor, servicesOf, switchConfiguration } from './nss.js';
import type { ProgramFacts } from './program-facts.js';
import { userFiles } from './users.js';

/** Every static program has the texts of the loader; such texts only one with the switch. */
const SWITCH = 'nss_%s';
/** Texts by the release of glibc that brought them, the newest first. Source: NEWS, manual/tunables. */
const CAME_WITH: readonly {
  readonly minor: number;
  readonly text: string;
  /** What to look for, so that many texts are found together. */
  readonly part: string;
}[] = [
  { minor: 41, text: 'glibc.rtld.execstack', part: 'glibc.' },
  { minor: 40, text: 'glibc.rtld.enable_secure', part: 'glibc.' },
  { minor: 39, text: 'glibc.mem.decorate_maps', part: 'glibc.' },
  { minor: 36, text: 'GLIBC_ABI_DT_RELR', part: 'GLIBC_ABI_' },
  { minor: 35, text: 'glibc.malloc.hugetlb', part: 'glibc.' },
  { minor: BUILT_IN_SINCE, text: 'libnss_%s.so%s', part: SWITCH },
];
const RELEASE = /stable release version 2\.(\d+)/;

export const staticNameServices = defineNeed({
  kind: 'static-nss',
  summary: 'what a static glibc program opens for names of users and hosts',
  documentation: {
    evidence:
      'a static program of glibc with the name service switch in it; told is its release, and that of the root',
    added:
      '`/etc/nsswitch.conf`, users and hosts as above; where the releases are the same, the modules with libc and loader',
    confidence: ['likely'],
  },
  detect(facts) {
    const found = findStaticSwitch(facts);
    if (found === undefined) return undefined;
    const { program, release, root, modules } = found;
    const opens = modules.length === 0 ? 'none that nsswitch.conf names' : modules.join(', ');
    const there = root === undefined ? 'the root has no libc' : `the root has 2.${root.minor}`;
    const { files, generated } = switchConfiguration(facts);
    const matches = root !== undefined && isWithin(root.minor, release);
    return {
      because: `${program.path} is static, but opens modules of ${releaseText(release)} only (${opens}); ${there}`,
      confidence: 'likely',
      files: [...files, ...(matches ? libraryPaths(facts, root.directories, modules) : [])],
      generated: { ...generated, ...hostsFile(facts), ...userFiles(facts) },
    };
  },
  absent: {
    rules: [
      {
        code: 'STATIC_NSS',
        levels: ['note'],
        summary: 'A static program for glibc looks up users or hosts.',
        cause: 'It opens modules of just the glibc that it was linked with.',
        remedy: 'Bring that glibc along, or link with musl.',
      },
    ],
    check(facts) {
      const { path, kind } = facts.closure.program;
      const found = kind === 'executable' ? findStaticSwitch(facts) : undefined;
      if (found === undefined) return [];
      const { release, root } = found;
      const isOther = root !== undefined && !isWithin(root.minor, release);
      const other = isOther ? `, and the root has 2.${root.minor}` : '';
      return [
        {
          code: 'STATIC_NSS',
          severity: 'note',
          path,
          message: `${path}: a static program of ${releaseText(release)} that looks up users or hosts${other}`,
          cause: `it opens the modules that /etc/nsswitch.conf names, of just the glibc that it was linked with; those for files and dns are in glibc since 2.${BUILT_IN_SINCE}`,
          remedy:
            "let /etc/nsswitch.conf in the root name only 'files' and 'dns', or link it with musl",
        },
      ];
    },
  },
});

/** Whether a static program has the name service switch of glibc. */
export function hasSwitch(facts: ProgramFacts, program: LoadedObject): boolean {
  return facts.findTexts(program, SWITCH).includes('_nss_%s_%s');
}

/** Releases of glibc, both included: 2.`first` to 2.`last`. */
export interface Releases {
  readonly first: number;
  readonly last: number;
}

/** What a static program with the name service switch wants, and what the root has of it. */
interface StaticSwitch {
  readonly program: LoadedObject;
  /** Those that it may have been linked with. */
  readonly release: Releases;
  /** Sonames of the modules that it opens, as nsswitch.conf has it. */
  readonly modules: readonly string[];
  /** The libc that it would load; absent where there is none. */
  readonly root?: { readonly minor: number; readonly directories: readonly string[] };
}

/** Undefined for programs that are dynamic, not of glibc, or look nothing up. */
function findStaticSwitch(facts: ProgramFacts): StaticSwitch | undefined {
  const { closure, program } = facts;
  if (program === undefined || closure.linkage === 'dynamic') return undefined;
  if (!hasSwitch(facts, program)) return undefined;
  const release = releaseOf(facts, program);
  const root = libcOfRoot(facts, program);
  const modules = modulesOf(facts, release);
  return { program, release, modules, root };
}

/** `glibc 2.31`, `glibc 2.36 to 2.38`, `glibc 2.41 or later`. */
export function releaseText({ first, last }: Releases): string {
  if (first === last) return `glibc 2.${first}`;
  if (first === 0) return `glibc 2.${last} or before`;
  return last === Number.POSITIVE_INFINITY
    ? `glibc 2.${first} or later`
    : `glibc 2.${first} to 2.${last}`;
}

/** Whether 2.`minor` is one of the releases. */
export function isWithin(minor: number, { first, last }: Releases): boolean {
  return minor >= first && minor <= last;
}

/**
 * The releases that a static program may be of. Only a program that prints its release has it as
 * text. Every static program has the texts that came with a release: tunables, for the most part.
 */
export function releaseOf(facts: ProgramFacts, program: LoadedObject): Releases {
  const exact = minorIn(facts.findText(program, 'stable release version 2.'));
  if (exact !== undefined) return { first: exact, last: exact };
  const at = CAME_WITH.findIndex(({ text, part }) => facts.findTexts(program, part).includes(text));
  const [newer, own] = [CAME_WITH[at - 1], CAME_WITH[at]];
  if (own === undefined) return { first: 0, last: BUILT_IN_SINCE - 1 };
  return { first: own.minor, last: newer ? newer.minor - 1 : Number.POSITIVE_INFINITY };
}

function minorIn(text: string | undefined): number | undefined {
  const minor = RELEASE.exec(text ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function modulesOf(facts: ProgramFacts, { first }: Releases): string[] {
  const text = facts.readText('/etc/nsswitch.conf') ?? '';
  const services = ['passwd', 'group', 'hosts'].flatMap((name) => {
    const found = servicesOf(text, name);
    return found.length === 0 ? ['files', ...(name === 'hosts' ? ['dns'] : [])] : found;
  });
  return [...new Set(services)].flatMap((service) => modulesFor(service, first));
}

/**
 * The libc that a static program would load: it has the loader's own list of directories in itself.
 * Undefined where none of them has one.
 */
export function libcOfRoot(facts: ProgramFacts, program: LoadedObject): StaticSwitch['root'] {
  const directories = facts
    .findTexts(program, '/lib')
    .filter((text) => /^\/(?:usr\/)?lib[\w./-]*\/$/.test(text));
  for (const directory of directories) {
    const libc = facts.fileAt(`${directory}libc.so.6`);
    if (libc === undefined) continue;
    const minor = minorIn(facts.findText(libc, 'stable release version 2.'));
    if (minor !== undefined) return { minor, directories };
  }
  return undefined;
}

/** Paths of libraries by name, with all that they need, as far as the directories have them. */
export function libraryPaths(
  facts: ProgramFacts,
  directories: readonly string[],
  names: readonly string[],
): string[] {
  const paths = new Map<string, string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop())
    for (const directory of paths.has(name) ? [] : directories) {
      const file = facts.fileAt(`${directory}${name}`);
      if (file === undefined) continue;
      paths.set(name, `${directory}${name}`);
      pending.push(...(file.elf.dynamic?.needed ?? []));
      break;
    }
  return [...paths.values()];
}
