/**
 * Names of architectures and CPUs: each name means one CPU, and that CPU has that name.
 */
import { describe, expect, it } from 'vitest';
import { architectureOf, architectures, type Cpu, parsePlatform } from '../../src/elf/platform.js';

describe('architectures', () => {
  it.each(architectures)('%s is the name of the CPU that it means', (name) => {
    expect(architectureOf(parsePlatform(name))).toBe(name);
    expect(parsePlatform(`linux/${name}/v1`)).toBe(parsePlatform(name));
  });

  it('are different CPUs', () => {
    const cpus = architectures.map((name) => JSON.stringify(parsePlatform(name)));
    expect(new Set(cpus).size).toBe(architectures.length);
  });

  it.each([
    ['x32', { machine: 'x86-64', class: 32, endian: 'little' }, 'amd64'],
    ['a 31-bit program of z', { machine: 's390', class: 32, endian: 'big' }, 's390x'],
    ['a CPU that has no name', { machine: 'm68k', class: 32, endian: 'big' }, 'm68k'],
  ] satisfies [string, Cpu, string][])('%s', (_what, cpu, name) => {
    expect(architectureOf(cpu)).toBe(name);
  });
});
