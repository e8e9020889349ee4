/**
 * Section headers behind an ELF file that a test built, for what is told by them alone. Fields that
 * are left out are 0.
 */
import { ByteWriter } from './elf-builder.js';

export interface BuiltSection {
  readonly type: number;
  readonly flags?: number;
  readonly address?: number;
  readonly offset?: number;
  readonly size?: number;
  readonly link?: number;
}

/** The file with a table at its end; class and byte order are those of its header. */
export function appendSections(file: Uint8Array, sections: readonly BuiltSection[]): Uint8Array {
  const is64 = file[4] === 2;
  const little = file[5] === 1;
  const out = new ByteWriter(little, is64);
  out.bytes(file);
  out.align(8);
  const at = out.length;
  for (const section of sections) {
    out.u32(0);
    out.u32(section.type);
    out.word(section.flags ?? 0);
    out.word(section.address ?? 0);
    out.word(section.offset ?? 0);
    out.word(section.size ?? 0);
    out.u32(section.link ?? 0);
    out.u32(0);
    out.word(1);
    out.word(0);
  }
  const bytes = out.result();
  const view = new DataView(bytes.buffer);
  if (is64) view.setBigUint64(40, BigInt(at), little);
  else view.setUint32(32, at, little);
  view.setUint16(is64 ? 58 : 46, is64 ? 64 : 40, little);
  view.setUint16(is64 ? 60 : 48, sections.length, little);
  return bytes;
}
