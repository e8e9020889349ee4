/**
 * What glibc opens by dlopen for calls of the program: libgcc_s for ending threads, and the modules
 * of the name service switch for users and hosts.
 * Sources: glibc nptl/pthread_cancel.c and misc/unwind-link.c; nss/nss_database.c and
 * nss/nsswitch.c (before 2.34 `files` and `dns` were modules too).
 */
import type { LoadedObject } from '../loader/loader.js';
import { findCall } from './calls.js';
import type { Check, CheckContext, Fact } from './check.js';
import { matchInFile, textsInFile } from './file-text.js';
import { factsOfSymbols } from './symbol-facts.js';

const ENDS_THREADS = new Set(['pthread_cancel', 'pthread_exit', 'thrd_exit']);
const USERS =
  'getpwnam getpwuid getpwnam_r getpwuid_r getpwent getgrnam getgrgid getgrnam_r getgrgid_r initgroups getgrouplist';
const HOSTS =
  'getaddrinfo getnameinfo gethostbyname gethostbyname2 gethostbyaddr gethostbyname_r gethostbyname2_r';

/** Databases of nsswitch.conf: what asks for them, and what holds where the file says nothing. */
const DATABASES = [
  { name: 'passwd', calls: new Set(USERS.split(' ')), usual: () => 'files' },
  {
    name: 'hosts',
    calls: new Set(HOSTS.split(' ')),
    usual: (minor: number) => (minor < 35 ? 'dns [!UNAVAIL=return] files' : 'files dns'),
  },
] as const;

export const checkNameServices: Check = (context) => {
  const { closure, files } = context;
  if (closure.loader !== 'glibc') return [];
  const libc = closure.objects.find(({ elf }) => /^libc\.so\.6/.test(elf.dynamic?.soname ?? ''));
  const release = libc && matchInFile(files, libc.realPath, /release version 2\.(\d+)/)?.[1];
  if (libc === undefined || release === undefined) return [];
  const minor = Number(release);
  return factsOfSymbols(closure.program.path, () => [
    ...unwinder(context, libc),
    ...DATABASES.flatMap((database) => [...modules(context, libc, minor, database)]),
  ]);
};

function unwinder(context: CheckContext, libc: LoadedObject): Fact[] {
  const call = findCall(context.closure, context.symbols, ENDS_THREADS);
  if (call === undefined || opens('libgcc_s.so.1', context, libc)) return [];
  const { path } = call.object;
  return [
    {
      code: 'LIBGCC_MISSING',
      severity: 'warning',
      path,
      message: `${path}: calls ${call.name}(), and there is no libgcc_s.so.1 in the root`,
      seen: `libgcc_s.so.1 must be installed for ${call.name} to work`,
      cause: 'glibc opens libgcc_s to unwind the stack of a thread, and aborts without it',
      remedy: 'put libgcc_s.so.1 into the root, beside libc.so.6',
    },
  ];
}

function* modules(
  context: CheckContext,
  libc: LoadedObject,
  minor: number,
  { name, calls, usual }: (typeof DATABASES)[number],
): Generator<Fact> {
  const call = findCall(context.closure, context.symbols, calls);
  if (call === undefined) return;
  const { path } = call.object;
  const text = context.files.readText('/etc/nsswitch.conf');
  const services = (serviceLine(text, name) ?? usual(minor)).replaceAll(/\[[^\]]*\]/g, ' ');
  for (const service of services.split(/\s+/).filter((word) => /^\w+$/.test(word))) {
    if (minor >= 34 && (service === 'files' || service === 'dns')) continue;
    const module = `libnss_${service}.so.2`;
    if (opens(module, context, libc)) continue;
    yield {
      code: 'NSS_MODULE_MISSING',
      severity: service === 'files' || service === 'dns' ? 'warning' : 'note',
      path,
      message: `${path}: calls ${call.name}(), which asks ${service} for ${name}, and there is no ${module}`,
      cause: `this glibc (2.${minor}) opens a module for each service of /etc/nsswitch.conf, and passes over what is missing`,
      remedy: `put ${module} into the root, or take ${service} out of /etc/nsswitch.conf`,
    };
  }
  if (text === undefined && name === 'hosts' && minor < 35)
    yield {
      code: 'NSSWITCH_MISSING',
      severity: 'note',
      path,
      message: `${path}: calls ${call.name}(), and there is no /etc/nsswitch.conf: DNS is asked before /etc/hosts`,
      cause: `without that file glibc 2.${minor} asks DNS first, and takes its "no such host" for an answer`,
      remedy: "put /etc/nsswitch.conf with 'hosts: files dns' into the root",
    };
}

function serviceLine(text: string | undefined, database: string): string | undefined {
  const line = text
    ?.split('\n')
    .map((row) => row.replace(/#.*/, '').trim())
    .find((row) => row.startsWith(`${database}:`));
  return line?.slice(database.length + 1);
}

/** Whether a dlopen by libc would find the name. */
function opens(name: string, { closure, configured }: CheckContext, libc: LoadedObject): boolean {
  const [program] = closure.objects;
  if (closure.objects.some(({ elf }) => elf.dynamic?.soname === name)) return true;
  if (configured === undefined || program === undefined) return false;
  const { outcome } = configured.start(program).locate({ name, kind: 'needed' }, libc);
  return outcome === 'found' || outcome === 'loaded';
}

/** Words of musl's dlopen for static programs, and of glibc's name service switch. */
const NO_DLOPEN = '\0Dynamic loading not supported\0';
const SWITCH = ['/etc/nsswitch.conf', '_nss_%s_%s'];

/** Static programs: dlopen in musl, and the name service switch in glibc, as their strings tell. */
export const checkStaticProgram: Check = ({ closure, files }) => {
  const { path, realPath, kind } = closure.program;
  if (kind !== 'executable' || closure.linkage === 'dynamic') return [];
  const texts = textsInFile(files, realPath, [NO_DLOPEN, ...SWITCH]);
  const facts: Fact[] = [];
  if (texts.has(NO_DLOPEN))
    facts.push({
      code: 'STATIC_DLOPEN',
      severity: 'warning',
      path,
      message: `${path}: a static program for musl that has dlopen`,
      seen: 'Dynamic loading not supported',
      cause: "musl's dlopen in a static program always fails",
      remedy: 'link the program dynamically, or build its plug-ins in',
    });
  if (SWITCH.every((text) => texts.has(text)))
    facts.push({
      code: 'STATIC_NSS',
      severity: 'note',
      path,
      message: `${path}: a static program for glibc that looks up users or hosts`,
      cause:
        'it opens the modules that /etc/nsswitch.conf names, of just the glibc that it was linked with',
      remedy:
        "let /etc/nsswitch.conf in the root name only 'files' and 'dns', or link it with musl",
    });
  return facts;
};
