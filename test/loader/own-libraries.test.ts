/**
 * Which libraries are parts of a loader's C library: one answer for needs, checks, bases and reports.
 */
import { expect, it } from 'vitest';
import { ProgramFacts } from '../../src/needs/program-facts.js';
import { loaders } from '../../src/registry/loaders.js';
import { glibcWith } from '../needs/need-worlds.js';
import { program, traceWorld } from '../support/world.js';

it.each([
  ['glibc', 'libc.so.6', ['libmvec.so.1', 'libthread_db.so.1', 'libnss_dns.so.2', 'ld-linux.so.2']],
  ['musl', 'libc.musl-x86_64.so.1', ['ld-musl-x86_64.so.1', 'libc.so']],
  ['freebsd', 'libc.so.7', ['libthr.so.3', 'libsys.so.7', 'ld-elf.so.1']],
  ['uclibc', 'libc.so.1', ['libpthread.so.1', 'ld64-uClibc.so.1']],
])('%s has %s, and with it %j', (name, libc, parts) => {
  const traits = loaders.find((loader) => loader.name === name)?.traits;
  expect(traits?.libc.test(libc)).toBe(true);
  expect([libc, ...parts].filter((part) => !traits?.isOwn(part))).toEqual([]);
  const others = ['libz.so.1', 'libgcc_s.so.1', 'libcxx.so.1', 'libmy.so.1', 'libc++.so.1'];
  expect(others.filter((other) => traits?.isOwn(other))).toEqual([]);
});

it('they are no libraries of the program, whose calls are evidence', () => {
  const lib = '/lib/x86_64-linux-gnu';
  const trace = traceWorld({
    ...glibcWith(36),
    [`${lib}/libmvec.so.1`]: { needed: ['libc.so.6'] },
    [`${lib}/libz.so.1`]: { needed: ['libmvec.so.1', 'libc.so.6'] },
    '/app/main': program({ needed: ['libz.so.1'] }),
  });
  const [closure] = trace.closures;
  const facts = closure && new ProgramFacts(closure, trace.files, {});
  expect(facts?.libraries.map(({ name }) => name)).toEqual(['libz.so.1']);
  expect(facts?.libc?.path).toBe(`${lib}/libc.so.6`);
});
