/**
 * The types of the Itanium C++ ABI that have a code of their own (5.1.5.2, <builtin-type>), and the
 * abbreviations of names in `std`.
 */

/** Types of one letter. */
export const BUILTIN_TYPES: Readonly<Record<string, string>> = {
  v: 'void',
  w: 'wchar_t',
  b: 'bool',
  c: 'char',
  a: 'signed char',
  h: 'unsigned char',
  s: 'short',
  t: 'unsigned short',
  i: 'int',
  j: 'unsigned int',
  l: 'long',
  m: 'unsigned long',
  x: 'long long',
  y: 'unsigned long long',
  n: '__int128',
  o: 'unsigned __int128',
  f: 'float',
  d: 'double',
  e: 'long double',
  g: '__float128',
  z: '...',
};

/** Types of two letters, the first of which is `D`. */
export const D_TYPES: Readonly<Record<string, string>> = {
  d: 'decimal64',
  e: 'decimal128',
  f: 'decimal32',
  h: 'half',
  i: 'char32_t',
  s: 'char16_t',
  u: 'char8_t',
  a: 'auto',
  c: 'decltype(auto)',
  n: 'decltype(nullptr)',
};

/** What stands behind a literal of a type; other types stand before it in parentheses. */
export const LITERAL_SUFFIXES: Readonly<Record<string, string>> = {
  i: '',
  j: 'u',
  l: 'l',
  m: 'ul',
  x: 'll',
  y: 'ull',
};

const CHARS = 'char, std::char_traits<char>';

/** Abbreviations by their second letter: the whole name, and the name that constructors repeat. */
export const STANDARD_NAMES: Readonly<Record<string, readonly [name: string, last: string]>> = {
  a: ['std::allocator', 'allocator'],
  b: ['std::basic_string', 'basic_string'],
  s: [`std::basic_string<${CHARS}, std::allocator<char> >`, 'basic_string'],
  i: [`std::basic_istream<${CHARS} >`, 'basic_istream'],
  o: [`std::basic_ostream<${CHARS} >`, 'basic_ostream'],
  d: [`std::basic_iostream<${CHARS} >`, 'basic_iostream'],
};
