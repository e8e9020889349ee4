/**
 * Changes of tar archives: members are doubled, dropped, swapped and damaged, and the checksums and sizes
 * are made to fit again, so that the reader gets past them.
 */
import type { Random } from '../test/support/random.js';
import { mutateBytes, mutateText } from './mutate-bytes.js';
import { mutateElf } from './mutate-elf.js';

const BLOCK = 512;

interface Member {
  readonly header: Buffer;
  body: Uint8Array;
}

/** A changed archive. `words` are put into text members. */
export function mutateTar(
  random: Random,
  input: Uint8Array,
  other: Uint8Array,
  words: readonly string[] = [],
): Uint8Array {
  if (random.chance(0.05)) return mutateBytes(random, input);
  const members = membersOf(input);
  if (members.length === 0) return mutateBytes(random, input);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(members.length);
    const member = copyOf(members[at] as Member);
    switch (random.below(8)) {
      case 0:
        members.splice(random.below(members.length + 1), 0, member);
        break;
      case 1:
        if (members.length > 1) members.splice(at, 1);
        break;
      case 2: {
        const others = membersOf(other);
        if (others.length > 0) members.splice(at, 0, copyOf(random.pick(others)));
        break;
      }
      case 3:
      case 4:
        changeHeader(random, member.header, members);
        members[at] = member;
        break;
      default:
        member.body = changeBody(random, member.body, words);
        member.header.write(`${member.body.length.toString(8).padStart(11, '0')}\0`, 124);
        members[at] = member;
    }
  }
  const archive = Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
  return random.chance(0.04) ? archive.subarray(0, random.below(archive.length)) : archive;
}

/** The members as far as their headers are sound. */
function membersOf(input: Uint8Array): Member[] {
  const members: Member[] = [];
  for (let at = 0; at + BLOCK <= input.length; ) {
    const header = Buffer.from(input.subarray(at, at + BLOCK));
    if (header[0] === 0) break;
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8);
    const length =
      Number.isFinite(size) && size >= 0 ? Math.min(size, input.length - at - BLOCK) : 0;
    members.push({ header, body: input.subarray(at + BLOCK, at + BLOCK + length) });
    at += BLOCK + Math.ceil(length / BLOCK) * BLOCK;
  }
  return members;
}

const copyOf = ({ header, body }: Member): Member => ({ header: Buffer.from(header), body });

function blocksOf({ header, body }: Member): Uint8Array[] {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, body, new Uint8Array((BLOCK - (body.length % BLOCK)) % BLOCK)];
}

const TYPES = '0123456789xgXLKSDVNMA\0';
const NAMES = [
  '.',
  '..',
  '/',
  'a/../b',
  './',
  '.wh.',
  '.wh..wh..opq',
  'x/.wh.y',
  'lib',
  'usr/lib',
  '\xff',
];

/** Name, mode, owner, size, type, link or magic of a header. */
function changeHeader(random: Random, header: Buffer, members: readonly Member[]): void {
  const name = () =>
    random.chance(0.5) ? random.pick(NAMES) : nameOf(random.pick(members)).slice(0, 90);
  switch (random.below(7)) {
    case 0:
      header.fill(0, 0, 100).write(name(), 0, 'latin1');
      break;
    case 1:
      header[156] = TYPES.charCodeAt(random.below(TYPES.length));
      break;
    case 2:
      header.fill(0, 157, 257).write(name(), 157, 'latin1');
      break;
    case 3:
      header.write(random.pick(['00000000000', '77777777777', '00000001000', '-0000000001']), 124);
      break;
    case 4:
      header.fill(random.pick([0, 0x80, 0xff]), 124, 124 + random.below(12));
      break;
    case 5:
      header.write(random.pick(['ustar\x0000', 'ustar  \0', '\0\0\0\0\0\0\0\0', 'tar\0']), 257);
      break;
    default:
      header[random.below(BLOCK)] = random.below(256);
  }
}

const nameOf = ({ header }: Member) => header.toString('latin1', 0, 100).replace(/\0.*$/s, '');

function changeBody(random: Random, body: Uint8Array, words: readonly string[]): Uint8Array {
  if (body.length === 0) return body;
  if (body[0] === 0x7f) return mutateElf(random, body);
  const isText = !body.subarray(0, 64).includes(0);
  return isText ? mutateText(random, body, body, words) : mutateBytes(random, body);
}
