/** Every message of the table, by our own rules; test/differential has the answers of real loaders. */
import { describe, expect, it } from 'vitest';
import { glibcSystem, muslSystem, RELEASES } from '../support/world.js';
import { firstLine, messages, messageWorld } from './vectors/messages.js';

describe.each(messages)('$what', (row) => {
  it.each(RELEASES)('glibc 2.%i', (minor) => {
    const world = { ...glibcSystem(minor), ...messageWorld(row, 'glibc') };
    expect(firstLine(world, row.options)).toBe(row.glibc);
  });
});

const ofMusl = messages.filter(({ musl }) => musl !== undefined);

it.each(ofMusl)('musl: $what', (row) => {
  const world = { ...muslSystem(), ...messageWorld(row, 'musl') };
  expect(firstLine(world, row.options)).toBe(row.musl);
});
