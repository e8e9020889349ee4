/**
 * Static programs of glibc that look up users or hosts: for other services than files and DNS (before
 * 2.34 for those too) they open modules, with the loader and the libc of the very release that they
 * were linked with. Said is which release that is, and which the root has.
 * Source: glibc manual, "Name Service Switch"; the linker's warning about getaddrinfo.
 */
import type { LoadedObject } from '../loader/loader.js';
import { hostsFile } from './hosts.js';
import type { NeedContext } from './need-context.js';
import { BUILT_IN_SINCE, servicesOf, switchConfiguration } from './nss.js';
import type { NeedDetector } from './runtime-need.js';
import { userFiles } from './users.js';

/** Every static program has the texts of the loader; these only one with the switch. */
const SWITCH = ['/etc/nsswitch.conf', '_nss_%s_%s'];
const RELEASE = /stable release version 2\.(\d+)/;

export const staticNameServices: NeedDetector = {
  kind: 'static-nss',
  summary: 'what a static glibc program opens for names of users and hosts',
  detect(context) {
    const found = findStaticSwitch(context);
    if (found === undefined) return undefined;
    const { program, minor, root, modules } = found;
    const release = minor === undefined ? 'of its own release' : `of glibc 2.${minor}`;
    const opens = modules.length === 0 ? 'none that nsswitch.conf names' : modules.join(', ');
    const there =
      root === undefined
        ? 'the root has no libc'
        : `the root has ${root.minor === undefined ? 'another' : `2.${root.minor}`}`;
    const { files, generated } = switchConfiguration(context);
    const matches = minor !== undefined && root?.minor === minor;
    return {
      because: `${program.path} is static, but opens modules ${release} only (${opens}); ${there}`,
      confidence: 'likely',
      files: [...files, ...(matches ? withNeeds(context, root.directories, modules) : [])],
      generated: { ...generated, ...hostsFile(context), ...userFiles(context) },
    };
  },
};

/** What a static program with the name service switch wants, and what the root has of it. */
export interface StaticSwitch {
  readonly program: LoadedObject;
  /** The N of glibc 2.N that it was linked with, where it says so. */
  readonly minor?: number;
  /** Sonames of the modules that it opens, as nsswitch.conf has it. */
  readonly modules: readonly string[];
  readonly root?: { readonly minor?: number; readonly directories: readonly string[] };
}

/** Undefined for programs that are dynamic, not of glibc, or look nothing up. */
export function findStaticSwitch(context: NeedContext): StaticSwitch | undefined {
  const { closure, program } = context;
  if (program === undefined || closure.linkage === 'dynamic') return undefined;
  if (!SWITCH.every((text) => context.findText(program, text) !== undefined)) return undefined;
  const minor = minorIn(context.findText(program, 'stable release version 2.'));
  const root = libcOfRoot(context, program);
  return {
    program,
    modules: modulesOf(context, minor),
    ...(minor === undefined ? {} : { minor }),
    ...(root === undefined ? {} : { root }),
  };
}

function minorIn(text: string | undefined): number | undefined {
  const minor = RELEASE.exec(text ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function modulesOf(context: NeedContext, minor = BUILT_IN_SINCE): string[] {
  const text = context.readText('/etc/nsswitch.conf') ?? '';
  const services = ['passwd', 'group', 'hosts'].flatMap((name) => {
    const found = servicesOf(text, name);
    return found.length === 0 ? ['files', ...(name === 'hosts' ? ['dns'] : [])] : found;
  });
  return [...new Set(services)]
    .filter((service) => minor < BUILT_IN_SINCE || (service !== 'files' && service !== 'dns'))
    .map((service) => `libnss_${service}.so.2`);
}

/** The libc that the program would load: it has the loader's own list of directories in itself. */
function libcOfRoot(context: NeedContext, program: LoadedObject): StaticSwitch['root'] {
  const directories = context
    .findTexts(program, '/lib')
    .filter((text) => /^\/(?:usr\/)?lib[\w./-]*\/$/.test(text));
  for (const directory of directories) {
    const libc = context.fileAt(`${directory}libc.so.6`);
    if (libc === undefined) continue;
    const minor = minorIn(context.findText(libc, 'stable release version 2.'));
    return { directories, ...(minor === undefined ? {} : { minor }) };
  }
  return undefined;
}

/** Paths of libraries with all that they need, as far as the directories have them. */
function withNeeds(
  context: NeedContext,
  directories: readonly string[],
  names: readonly string[],
): string[] {
  const paths = new Map<string, string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop())
    for (const directory of paths.has(name) ? [] : directories) {
      const file = context.fileAt(`${directory}${name}`);
      if (file === undefined) continue;
      paths.set(name, `${directory}${name}`);
      pending.push(...(file.elf.dynamic?.needed ?? []));
      break;
    }
  return [...paths.values()];
}
