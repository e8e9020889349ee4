/** The part of elfy that elfdeps calls; elfy ships no types of its own. */
declare module 'elfy' {
  interface ElfyHeader {
    class: '32' | '64';
    endian: 'lsb' | 'msb';
    type: string | undefined;
    entry: number;
    phoff: number;
    shoff: number;
    flags: number;
    phentsize: number;
    phnum: number;
    shentsize: number;
    shnum: number;
    version: number;
  }
  interface ElfyProgramHeader {
    type: string | undefined;
    offset: number;
    vaddr: number;
    filesz: number;
    memsz: number;
    flags: { r?: true; w?: true; x?: true };
    align: number;
  }
  class Parser {
    /** Throws on a class or byte order other than 1 and 2; reads the first 52 or 64 bytes. */
    parseHeader(bytes: unknown): ElfyHeader;
    parsePrograms(bytes: unknown, header: ElfyHeader): ElfyProgramHeader[];
  }
  const elfy: { Parser: typeof Parser };
  export default elfy;
}
