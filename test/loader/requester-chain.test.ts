import { expect, it } from 'vitest';
import type { LoadedObject } from '../../src/loader/loader.js';
import { RequesterChain } from '../../src/loader/requester-chain.js';

/** Objects of which each is requested by the one before it. */
function chainOf(length: number): LoadedObject[] {
  const objects: LoadedObject[] = [];
  for (let i = 0; i < length; i++)
    objects.push({ name: `lib${i}.so`, requester: objects.at(-1) } as LoadedObject);
  return objects;
}

it('gives the objects with a list, nearest first', () => {
  const objects = chainOf(6);
  const lists = new Set([objects[0], objects[3], objects[4]]);
  const chain = new RequesterChain((object) => lists.has(object));
  const names = (object: LoadedObject | undefined) => [...chain.from(object)].map((o) => o.name);
  expect(names(objects[5])).toEqual(['lib4.so', 'lib3.so', 'lib0.so']);
  expect(names(objects[3])).toEqual(['lib3.so', 'lib0.so']);
  expect(names(objects[2])).toEqual(['lib0.so']);
  expect(names(undefined)).toEqual([]);
});

it.each([
  ['downwards', (objects: LoadedObject[]) => objects],
  ['upwards', (objects: LoadedObject[]) => objects.toReversed()],
])('asks each object of a long chain once, %s', (_order, sorted) => {
  let asked = 0;
  const chain = new RequesterChain(() => {
    asked++;
    return false;
  });
  for (const object of sorted(chainOf(20_000))) expect([...chain.from(object)]).toEqual([]);
  expect(asked).toBe(20_000);
});
