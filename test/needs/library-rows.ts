/**
 * Rows of detectors.test.ts about libraries, programs and directories.
 */
import * as c from '../../src/elf/constants.js';
import { buildElf } from '../support/elf-builder.js';
import { program, TRIPLET, type World } from '../support/world.js';
import type { Row } from './detector-rows.js';
import {
  app,
  calls,
  glibcWith,
  goProgram,
  LIB,
  LIBC,
  staticProgram,
  texts,
  unstripped,
} from './need-worlds.js';

const glibc = glibcWith();
const without = app('puts');
const MODULES = `/usr/lib/${TRIPLET}/ossl-modules`;
/** A dynamic program with bytes behind its end. */
const behind = (text: string) => {
  const { soname: _, ...options } = program({ needed: ['libc.so.6'] });
  return Buffer.concat([buildElf(options), Buffer.from(text, 'latin1')]);
};
/** UPX writes its header directly behind the program headers. */
const upx: World[string] = {
  type: c.ET_EXEC,
  dynamic: false,
  ...texts('room for the header'),
  patch: [[64 + 2 * 56 + 8, ...Buffer.from('UPX!')]],
};
const libcrypto = texts('OPENSSLDIR: "/usr/lib/ssl"', `MODULESDIR: "${MODULES}"`);
const go = (...functions: string[]): World => ({ '/app/main': goProgram({ functions }) });

export const libraryRows: readonly Row[] = [
  {
    kind: 'dlopen',
    world: {
      ...glibc,
      '/app/main': program({
        dlopen: [[{ soname: ['liba.so', 'libb.so'], priority: 'required' }]],
      }),
    },
    need: {
      because: '/app/main has a note of liba.so or libb.so (required)',
      opens: [
        { name: 'liba.so', from: '/app/main' },
        { name: 'libb.so', from: '/app/main' },
      ],
    },
    silent: { dlopen: 'none' },
  },
  {
    kind: 'dlopen',
    case: 'a note of less priority, asked for',
    world: { ...glibc, '/app/main': program({ dlopen: [[{ soname: ['liba.so'] }]] }) },
    options: { dlopen: 'recommended' },
    need: {
      because: '/app/main has a note of liba.so (recommended)',
      opens: [{ name: 'liba.so', from: '/app/main' }],
    },
    silent: { dlopen: 'required' },
  },
  {
    kind: 'libgcc',
    world: app('pthread_cancel'),
    need: {
      because: '/app/main imports pthread_cancel',
      opens: [{ name: 'libgcc_s.so.1', from: LIBC }],
    },
    // It is loaded already.
    silent: {
      [`${LIB}/libgcc_s.so.1`]: {},
      '/app/main': program({
        needed: ['libc.so.6', 'libgcc_s.so.1'],
        ...calls('pthread_cancel'),
      }),
    },
  },
  {
    kind: 'pam',
    world: {
      ...glibc,
      [`${LIB}/libpam.so.0`]: {},
      [`${LIB}/security/pam_unix.so`]: {},
      [`${LIB}/security/pam_old.so`]: {},
      '/app/main': program({ needed: ['libpam.so.0'] }),
      '/etc/pam.d/login': '# auth required pam_old.so\nauth [success=1] pam_unix.so nullok\n',
      [`${LIB}/security/pam_deny.so`]: {},
      '/usr/lib/pam.d/other': 'auth required pam_deny.so\n',
    },
    need: {
      because: `${LIB}/libpam.so.0 is loaded`,
      files: ['/etc/pam.d', '/usr/lib/pam.d'],
      opens: ['unix', 'deny'].map((name) => ({
        name: `${LIB}/security/pam_${name}.so`,
        from: `${LIB}/libpam.so.0`,
      })),
      generated: { '/etc/shadow': 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n' },
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'pam',
    case: 'with modules by the path that libpam was built with',
    world: {
      ...glibc,
      '/lib/security': { link: `${LIB.slice('/lib/'.length)}/security` },
      [`${LIB}/libpam.so.0`]: texts('/lib/security/'),
      [`${LIB}/security/pam_unix.so`]: {},
      '/app/main': program({ needed: ['libpam.so.0'] }),
      '/etc/pam.d/login': 'auth required pam_unix.so\n',
    },
    need: {
      because: `${LIB}/libpam.so.0 is loaded`,
      files: ['/etc/pam.d'],
      opens: [{ name: '/lib/security/pam_unix.so', from: `${LIB}/libpam.so.0` }],
      generated: { '/etc/shadow': 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n' },
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'openssl-modules',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'] }),
      [`${MODULES}/legacy.so`]: {},
    },
    need: {
      because: `${LIB}/libcrypto.so.3 has providers in ${MODULES}`,
      confidence: 'possible',
      opens: [{ name: `${MODULES}/legacy.so`, from: `${LIB}/libcrypto.so.3` }],
    },
    silent: { [`${MODULES}/legacy.so`]: undefined },
  },
  {
    kind: 'openssl-modules',
    case: 'turned on',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      '/app/main': program({ needed: ['libcrypto.so.3'] }),
      '/usr/lib/ssl/openssl.cnf': '[provider_sect]\nlegacy = legacy_sect\n',
      [`${MODULES}/legacy.so`]: {},
    },
    need: {
      because: `${LIB}/libcrypto.so.3 reads /usr/lib/ssl/openssl.cnf, which turns providers on`,
      files: ['/usr/lib/ssl/openssl.cnf'],
      opens: [{ name: `${MODULES}/legacy.so`, from: `${LIB}/libcrypto.so.3` }],
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'openssl-modules',
    case: 'that a library loads, for which no configuration speaks',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: libcrypto,
      [`${LIB}/libold.so.1`]: { needed: ['libcrypto.so.3'], ...calls('OSSL_PROVIDER_load') },
      '/app/main': program({ needed: ['libold.so.1'] }),
      [`${MODULES}/legacy.so`]: {},
    },
    need: {
      because: `${LIB}/libold.so.1 imports OSSL_PROVIDER_load`,
      opens: [{ name: `${MODULES}/legacy.so`, from: `${LIB}/libcrypto.so.3` }],
    },
    silent: { [`${MODULES}/legacy.so`]: undefined },
  },
  {
    kind: 'openssl-modules',
    case: 'engines of a program with an option for them',
    world: {
      ...glibc,
      [`${LIB}/libcrypto.so.3`]: texts(`ENGINESDIR: "${LIB}/engines-3"`),
      '/app/main': program({ needed: ['libcrypto.so.3'], ...calls('ENGINE_by_id') }),
      [`${LIB}/engines-3/padlock.so`]: {},
    },
    need: {
      because: '/app/main imports ENGINE_by_id',
      opens: [{ name: `${LIB}/engines-3/padlock.so`, from: `${LIB}/libcrypto.so.3` }],
    },
    silent: { [`${LIB}/engines-3/padlock.so`]: undefined },
  },
  {
    kind: 'plugins',
    world: {
      ...glibc,
      [`${LIB}/libgio-2.0.so.0`]: {},
      [`${LIB}/gio/modules/libtls.so`]: {},
      [`${LIB}/gio/modules/giomodule.cache`]: '',
      '/app/main': program({ needed: ['libgio-2.0.so.0'] }),
    },
    need: {
      because: `${LIB}/libgio-2.0.so.0 is loaded`,
      confidence: 'likely',
      files: [`${LIB}/gio/modules`],
      opens: [{ name: `${LIB}/gio/modules/libtls.so`, from: `${LIB}/libgio-2.0.so.0` }],
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'plugins',
    case: 'of gdk-pixbuf with their list, for a program that opens pictures itself',
    world: {
      ...glibc,
      [`${LIB}/libgdk_pixbuf-2.0.so.0`]: {},
      [`${LIB}/gdk-pixbuf-2.0/2.10.0/loaders/libpnm.so`]: {},
      [`${LIB}/gdk-pixbuf-2.0/2.10.0/loaders.cache`]: '',
      '/app/main': program({
        needed: ['libgdk_pixbuf-2.0.so.0', 'libc.so.6'],
        ...calls('gdk_pixbuf_new_from_file'),
      }),
    },
    need: {
      because: '/app/main imports gdk_pixbuf_new_from_file',
      files: ['loaders', 'loaders.cache'].map((name) => `${LIB}/gdk-pixbuf-2.0/2.10.0/${name}`),
      opens: [{ name: `${LIB}/gdk-pixbuf-2.0/2.10.0/loaders/libpnm.so`, from: '/app/main' }],
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'plugins',
    case: 'modules of QML, for a program that runs it',
    world: {
      ...glibc,
      [`${LIB}/libQt5Qml.so.5`]: {},
      [`${LIB}/qt5/qml/QtQuick/qmldir`]: '',
      [`${LIB}/qt5/qml/QtQuick/libquick.so`]: {},
      '/app/main': program({
        needed: ['libQt5Qml.so.5', 'libc.so.6'],
        ...calls('_ZN10QQmlEngineC1EP7QObject'),
      }),
    },
    need: {
      because: '/app/main imports _ZN10QQmlEngineC1EP7QObject',
      files: [`${LIB}/qt5/qml`],
      opens: [{ name: `${LIB}/qt5/qml/QtQuick/libquick.so`, from: '/app/main' }],
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'plugins',
    case: 'types of files',
    world: {
      ...glibc,
      '/app/main': program({ needed: ['libc.so.6'], ...calls('g_content_type_guess') }),
      '/usr/share/mime/mime.cache': '',
    },
    need: {
      because: '/app/main imports g_content_type_guess',
      files: ['/usr/share/mime/mime.cache'],
    },
    silent: { '/usr/share/mime/mime.cache': undefined },
  },
  {
    kind: 'plugins',
    case: 'schemas of GSettings',
    world: {
      ...glibc,
      '/app/main': program({ needed: ['libc.so.6'], ...calls('g_settings_new') }),
      '/usr/share/glib-2.0/schemas/gschemas.compiled': '',
    },
    need: {
      because: '/app/main imports g_settings_new',
      files: ['/usr/share/glib-2.0/schemas/gschemas.compiled'],
    },
    silent: { '/usr/share/glib-2.0/schemas/gschemas.compiled': undefined },
  },
  {
    kind: 'dlopen-texts',
    world: {
      ...glibc,
      [`${LIB}/libfoo.so.1`]: {},
      '/opt/x/plug.so': {},
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('dlopen'),
        ...texts(
          'libfoo.so.1',
          'libgone.so.1',
          '/opt/x/plug.so',
          'lib%s.so',
          'libc.so.6',
          'linux-vdso.so.1',
          '/lib64/ld-linux-x86-64.so.2',
        ),
      }),
    },
    need: {
      because: '/app/main imports dlopen, and names libfoo.so.1, /opt/x/plug.so',
      confidence: 'likely',
      opens: [
        { name: 'libfoo.so.1', from: '/app/main' },
        { name: '/opt/x/plug.so', from: '/app/main' },
      ],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('libfoo.so.1') }) },
  },
  {
    kind: 'dlopen-texts',
    case: 'of a library, whose search path counts',
    world: {
      ...glibc,
      '/opt/own/libplug.so.2': {},
      [`${LIB}/liba.so`]: { runpath: '/opt/own', ...calls('dlmopen'), ...texts('libplug.so.2') },
      '/app/main': program({ needed: ['liba.so'], ...calls('dlopen'), ...texts('liba.so') }),
    },
    need: {
      because: `${LIB}/liba.so imports dlmopen, and names libplug.so.2`,
      confidence: 'possible',
      opens: [{ name: 'libplug.so.2', from: `${LIB}/liba.so` }],
    },
    silent: { '/opt/own/libplug.so.2': undefined },
  },
  {
    kind: 'static-dlopen',
    world: { '/app/main': staticProgram('Dynamic loading not supported') },
    need: {
      because: "/app/main is static, where musl's dlopen says 'Dynamic loading not supported'",
      confidence: 'possible',
    },
    silent: { '/app/main': staticProgram('Dynamic loading not supported here') },
  },
  {
    kind: 'packed',
    case: 'by UPX',
    world: { '/app/main': upx },
    need: {
      because:
        '/app/main is packed by UPX, what is inside may need more: unpack it (upx -d /app/main) and check the result',
    },
    silent: { '/app/main': staticProgram(' '.repeat(80), 'UPX!') },
  },
  {
    kind: 'packed',
    case: 'an AppImage',
    world: { '/app/main': { type: c.ET_EXEC, dynamic: false, patch: [[8, 0x41, 0x49, 2]] } },
    need: {
      because:
        '/app/main is packed by AppImage, what is inside may need more: unpack it (/app/main --appimage-extract) and check squashfs-root',
    },
    silent: { '/app/main': { type: c.ET_EXEC, dynamic: false } },
  },
  {
    kind: 'packed',
    case: 'by PyInstaller, a dynamic program with an archive behind it',
    world: { ...glibc, '/app/main': behind('MEI\x0c\x0b\x0a\x0b\x0e'.padEnd(88, '\0')) },
    need: {
      because:
        '/app/main is packed by PyInstaller, what is inside may need more: check the libraries of its build directory, or build with --onedir',
    },
    silent: { '/app/main': behind('MEI') },
  },
  {
    kind: 'packed',
    case: 'by makeself',
    world: {
      '/bin/sh': staticProgram(),
      '/app/main': '#!/bin/sh\n# This script was generated using Makeself 2.5.0\nexit 0\n\x1f\x8b',
    },
    need: {
      because:
        '/app/main is packed by makeself, what is inside may need more: unpack it (sh /app/main --noexec --target DIR) and check that',
    },
    silent: { '/app/main': '#!/bin/sh\necho "# This script was generated using Makeself 2.5.0"\n' },
  },
  {
    kind: 'host',
    world: {
      ...glibc,
      [`${LIB}/libcuda.so.1`]: {},
      '/app/main': program({ needed: ['libcuda.so.1', 'libc.so.6'] }),
    },
    need: {
      because:
        "/app/main needs libcuda.so.1: the library belongs to NVIDIA's kernel driver and comes from the host",
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'host',
    case: 'named where dlopen is called',
    world: {
      ...glibc,
      '/app/main': program({ ...calls('dlopen'), ...texts('libnvidia-ml.so.1') }),
    },
    need: {
      because:
        "/app/main needs libnvidia-ml.so.1: the library belongs to NVIDIA's kernel driver and comes from the host",
    },
    silent: { '/app/main': program(texts('libnvidia-ml.so.1')) },
  },
  {
    kind: 'host',
    case: 'what a library of Vulkan opens',
    world: {
      ...glibc,
      [`${LIB}/libvulkan.so.1`]: {},
      '/app/main': program({ needed: ['libvulkan.so.1'] }),
    },
    need: {
      because: `${LIB}/libvulkan.so.1 opens drivers that /etc/vulkan/icd.d and /usr/share/vulkan/icd.d name: they come from the host`,
      confidence: 'possible',
    },
    silent: { '/app/main': program() },
  },
  {
    kind: 'shell',
    world: { ...app('system'), '/bin/sh': program() },
    need: { because: '/app/main imports system', confidence: 'likely', starts: ['/bin/sh'] },
    silent: { '/bin/sh': undefined },
  },
  {
    kind: 'shell',
    case: 'that the program starts itself',
    world: {
      ...app('execl'),
      '/app/main': program({ needed: ['libc.so.6'], ...calls('execl'), ...texts('/bin/sh') }),
      '/bin/sh': program(),
    },
    need: {
      because: '/app/main imports execl, and names /bin/sh',
      confidence: 'likely',
      starts: ['/bin/sh'],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...calls('execl') }) },
  },
  ...['SHELL', '$(SHELL)'].map((variable) => ({
    kind: 'shell',
    case: `that runs what its user wants, by ${variable}`,
    world: {
      ...app('execl'),
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('execl'),
        ...texts('/bin/sh', variable),
      }),
      '/bin/sh': program(),
    },
    need: { because: '/app/main imports execl, and names /bin/sh', starts: ['/bin/sh'] },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...texts('/bin/sh', variable) }) },
  })),
  {
    kind: 'shell',
    case: 'for a pipeline',
    world: {
      ...app('popen'),
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('popen'),
        ...texts('sort -u | uniq -c', 'words | with a bar'),
      }),
      ...Object.fromEntries(['sh', 'sort', 'uniq'].map((name) => [`/bin/${name}`, program()])),
    },
    need: { because: '/app/main imports popen', starts: ['/bin/sh'] },
    silent: { '/bin/sh': undefined },
  },
  {
    kind: 'tmp',
    case: 'of a static program that is not stripped',
    world: { '/app/main': unstripped(['main', 'mkstemp']) },
    need: {
      because: '/app/main has mkstemp',
      directories: [{ path: '/tmp', mode: 0o1777 }],
    },
    silent: { '/app/main': unstripped(['main', 'mkstemps_of_its_own']) },
  },
  {
    kind: 'tmp',
    case: 'of Go',
    world: {
      '/app/main': goProgram({
        functions: ['os.MkdirTemp'],
        settings: 'path\tx\nbuild\tCGO_ENABLED=0\n',
      }),
    },
    need: {
      because: '/app/main has os.MkdirTemp (go1.24.1, without cgo)',
      directories: [{ path: '/tmp', mode: 0o1777 }],
    },
    silent: go('os.Mkdir'),
  },
  {
    kind: 'tmp',
    world: app('mkstemp'),
    need: {
      because: '/app/main imports mkstemp',
      directories: [{ path: '/tmp', mode: 0o1777 }],
    },
    silent: without,
  },
];
