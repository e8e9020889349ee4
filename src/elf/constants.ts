/**
 * Numbers of the ELF specification that elfdeps uses, with the names the specification gives them.
 * Sources: the generic ABI (gABI) chapters 4 and 5, and glibc's elf/elf.h for GNU extensions.
 */

export const ELFOSABI_SYSV = 0;
export const ELFOSABI_GNU = 3;
export const ELFOSABI_FREEBSD = 9;
export const ELFOSABI_ARM_AEABI = 64;

export const ET_REL = 1;
export const ET_EXEC = 2;
export const ET_DYN = 3;
export const ET_CORE = 4;

export const EM_NONE = 0;
export const EM_SPARC = 2;
export const EM_386 = 3;
export const EM_68K = 4;
export const EM_MIPS = 8;
export const EM_PARISC = 15;
export const EM_SPARC32PLUS = 18;
export const EM_PPC = 20;
export const EM_PPC64 = 21;
export const EM_S390 = 22;
export const EM_ARM = 40;
export const EM_SH = 42;
export const EM_SPARCV9 = 43;
export const EM_IA_64 = 50;
export const EM_X86_64 = 62;
export const EM_OPENRISC = 92;
export const EM_ARC = 93;
export const EM_XTENSA = 94;
export const EM_AARCH64 = 183;
export const EM_MICROBLAZE = 189;
export const EM_ARC_V2 = 195;
export const EM_RISCV = 243;
export const EM_CSKY = 252;
export const EM_LOONGARCH = 258;
export const EM_ALPHA = 0x9026;

export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const PT_TLS = 7;
/** Tables for unwinding the stack (.eh_frame_hdr). */
export const PT_GNU_EH_FRAME = 0x6474e550;
export const PT_GNU_STACK = 0x6474e551;

/** e_phnum when the real count stands in sh_info of section header 0. */
export const PN_XNUM = 0xffff;

export const SHT_SYMTAB = 2;
export const SHT_NOTE = 7;
export const SHT_NOBITS = 8;
export const SHF_ALLOC = 0x2;

export const DT_NULL = 0;
export const DT_NEEDED = 1;
export const DT_HASH = 4;
export const DT_STRTAB = 5;
export const DT_SYMTAB = 6;
export const DT_RELA = 7;
export const DT_RELASZ = 8;
export const DT_STRSZ = 10;
export const DT_SONAME = 14;
export const DT_RPATH = 15;
export const DT_SYMBOLIC = 16;
export const DT_REL = 17;
export const DT_RELSZ = 18;
export const DT_PLTREL = 20;
export const DT_TEXTREL = 22;
export const DT_JMPREL = 23;
export const DT_BIND_NOW = 24;
export const DT_PLTRELSZ = 2;
export const DT_RUNPATH = 29;
export const DT_FLAGS = 30;
export const DT_RELRSZ = 35;
export const DT_RELR = 36;
export const DT_MIPS_SYMTABNO = 0x70000011;
export const DT_MIPS_GOTSYM = 0x70000013;
export const DT_MIPS_XHASH = 0x70000036;
export const DT_GNU_HASH = 0x6ffffef5;
export const DT_DEPAUDIT = 0x6ffffefb;
export const DT_AUDIT = 0x6ffffefc;
export const DT_VERSYM = 0x6ffffff0;
export const DT_RELACOUNT = 0x6ffffff9;
export const DT_RELCOUNT = 0x6ffffffa;
export const DT_FLAGS_1 = 0x6ffffffb;
export const DT_VERDEF = 0x6ffffffc;
export const DT_VERNEED = 0x6ffffffe;
export const DT_AUXILIARY = 0x7ffffffd;
export const DT_FILTER = 0x7fffffff;

export const DF_SYMBOLIC = 0x2;
export const DF_TEXTREL = 0x4;
export const DF_BIND_NOW = 0x8;
export const DF_STATIC_TLS = 0x10;
export const DF_1_NOW = 0x1;
export const DF_1_NODEFLIB = 0x800;
export const DF_1_PIE = 0x08000000;

export const STB_LOCAL = 0;
export const STB_GLOBAL = 1;
export const STB_WEAK = 2;
export const STB_GNU_UNIQUE = 10;
export const STT_NOTYPE = 0;
export const STT_OBJECT = 1;
export const STT_FUNC = 2;
export const STT_COMMON = 5;
export const STT_TLS = 6;
export const STT_GNU_IFUNC = 10;
export const STV_INTERNAL = 1;
export const STV_HIDDEN = 2;
export const STV_PROTECTED = 3;
/** In st_other, on MIPS: the value of an undefined function is a PLT entry, not a stub. */
export const STO_MIPS_PLT = 0x8;
export const SHN_UNDEF = 0;
export const SHN_ABS = 0xfff1;

export const VER_FLG_BASE = 1;
export const VER_FLG_WEAK = 2;

export const NT_GNU_ABI_TAG = 1;
export const NT_GNU_BUILD_ID = 3;
export const NT_GNU_PROPERTY_TYPE_0 = 5;
export const GNU_PROPERTY_X86_ISA_1_NEEDED = 0xc0008002;
/** Type of the notes of the UAPI group's specification of ELF dlopen metadata. */
export const NT_FDO_DLOPEN = 0x407c0c0a;

export const EF_ARM_ABI_FLOAT_SOFT = 0x200;
export const EF_ARM_ABI_FLOAT_HARD = 0x400;
export const EF_MIPS_ABI2 = 0x20;
export const EF_MIPS_NAN2008 = 0x400;
