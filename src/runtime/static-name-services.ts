/**
 * Static programs of glibc that still open modules: names of users and hosts, with the loader and the
 * libc of the very release that they were linked with.
 * Source: glibc manual, "Name Service Switch"; the linker's warning about getaddrinfo.
 */
import type { NeedDetector } from './runtime-need.js';

export const staticNameServices: NeedDetector = {
  kind: 'static-nss',
  summary: 'modules that a static glibc program opens for names',
  detect(context) {
    const { closure, program } = context;
    if (program === undefined || closure.linkage === 'dynamic') return undefined;
    if (context.findText(program, '/etc/nsswitch.conf') === undefined) return undefined;
    const modules = context.findText(program, 'libnss_');
    if (modules === undefined) return undefined;
    const release = context.findText(program, 'stable release version 2.');
    const version = /version (2\.\d+)/.exec(release ?? '')?.[1];
    const files = ['/etc/nsswitch.conf', '/etc/hosts', '/etc/passwd', '/etc/group'];
    return {
      because:
        `${program.path} is static, but opens ${modules}` +
        (version === undefined ? '' : ` of glibc ${version}, no other`),
      confidence: 'likely',
      files: files.flatMap((path) => context.existing(path)),
    };
  },
};
