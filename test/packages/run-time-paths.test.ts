/**
 * Which paths of packages matter at run time, as rows of paths that real packages have.
 */
import { describe, expect, it } from 'vitest';
import { isForRunTime, languagesOf } from '../../src/packages/run-time-paths.js';

describe('paths of packages', () => {
  it.each([
    ['/usr/bin/openssl', true],
    ['/etc/ssl/openssl.cnf', true],
    ['/usr/lib/x86_64-linux-gnu/libssl.so.3', true],
    ['/usr/lib64/libssl.so', true],
    ['/lib/ld-musl-x86_64.so.1', true],
    ['/usr/share/nginx/html/index.html', true],
    ['/usr/share/mime/packages/freedesktop.org.xml', true],
    ['/usr/share/manual/x', true],
    ['/usr/share/information', true],
    ['/usr/share/cmake-3.25/Modules/FindPNG.cmake', true],
    ['/usr/lib/cmake', false],
    ['/usr/lib/x86_64-linux-gnu/cmake/zstd/zstdConfig.cmake', false],
    ['/usr/lib64/cmake/x.cmake', false],
    ['/usr/share/cmake/x/x.cmake', false],
    ['/usr/lib/x86_64-linux-gnu/pkgconfig/zlib.pc', false],
    ['/usr/share/pkgconfig/zlib.pc', false],
    ['/usr/share/aclocal/pkg.m4', false],
    ['/usr/include/zlib.h', false],
    ['/usr/include/x86_64-linux-gnu/zconf.h', false],
    ['/usr/local/include/x.h', false],
    ['/usr/lib/x86_64-linux-gnu/libz.a', false],
    ['/lib/libz.a', false],
    ['/usr/lib/x86_64-linux-gnu/libz.la', false],
    ['/usr/lib/x86_64-linux-gnu/crt1.o', false],
    ['/usr/share/data.a', true],
    ['/usr/share/doc', false],
    ['/usr/share/doc/zlib1g/copyright', false],
    ['/usr/share/man/man1/ls.1.gz', false],
    ['/usr/local/share/man/man1/x.1', false],
    ['/usr/share/info/sed.info.gz', false],
    ['/usr/share/gtk-doc/html/x', false],
    ['/usr/share/licenses/zlib/LICENSE', false],
    ['/usr/share/bash-completion/completions/git', false],
    ['/usr/share/zsh/vendor-completions/_curl', false],
    ['/usr/share/lintian/overrides/x', false],
    ['/usr/share/gir-1.0/x.gir', false],
    ['/usr/lib/debug/.build-id/00/11.debug', false],
    ['/usr/lib/.build-id/00/11', false],
    ['/opt/x/share/doc/y', true],
  ])('%s: %s', (path, expected) => {
    expect(isForRunTime(path, new Set())).toBe(expected);
  });

  const messages = '/usr/share/locale/de/LC_MESSAGES/git.mo';
  it.each([
    [{}, messages, false],
    [{ LANG: 'C.UTF-8' }, messages, false],
    [{ LANG: 'de_DE.UTF-8' }, messages, true],
    [{ LANG: 'fr_FR.UTF-8', LANGUAGE: 'pt:de' }, messages, true],
    [{ LC_ALL: 'de_AT@euro' }, messages, true],
    [{ LC_MESSAGES: 'de' }, messages, true],
    [{ LANG: 'fr_FR' }, messages, false],
    [{ LANG: 'pt_BR.UTF-8' }, '/usr/share/locale/pt_BR/LC_MESSAGES/x.mo', true],
    [{ LANG: 'sr_RS@latin' }, '/usr/share/locale/sr@latin/LC_MESSAGES/x.mo', true],
    [{}, '/usr/share/locale/locale.alias', true],
  ])('%o: %s is %s', (environment, path, expected) => {
    expect(isForRunTime(path, languagesOf(environment))).toBe(expected);
  });
});
