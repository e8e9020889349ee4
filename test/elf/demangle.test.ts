/**
 * Names of C++ without their mangling. Expected is what c++filt of binutils 2.40 prints; the differential
 * test compares every symbol of libstdc++.
 */
import { describe, expect, it } from 'vitest';
import { demangle } from '../../src/elf/demangle/demangle.js';
import { Random } from '../support/random.js';

describe('as c++filt prints it', () => {
  it.each([
    // Names.
    ['_Z3foov', 'foo()'],
    ['_Z1x', 'x'],
    ['_ZN3foo3barEi', 'foo::bar(int)'],
    ['_ZNK1A1fEv', 'A::f() const'],
    ['_ZNKR1A1fEv', 'A::f() const &'],
    ['_ZNO1A1fEv', 'A::f() &&'],
    ['_ZNVK1A1fEv', 'A::f() const volatile'],
    ['_ZN12_GLOBAL__N_13fooEv', '(anonymous namespace)::foo()'],
    ['_Z3fooB3tagv', 'foo[abi:tag]()'],
    ['_ZN1AB3tagC1Ev', 'A[abi:tag]::A()'],
    ['_ZN1AIiED0Ev', 'A<int>::~A()'],
    // Operators.
    ['_ZltIiEvT_', 'void operator< <int>(int)'],
    ['_ZN1AcviEv', 'A::operator int()'],
    ['_ZN1AcvT_IiEEv', 'A::operator int<int>()'],
    ['_Znwm', 'operator new(unsigned long)'],
    ['_ZdaPv', 'operator delete[](void*)'],
    ['_Zli2_sy', 'operator"" _s(unsigned long long)'],
    ['_ZN1AaSERKS_', 'A::operator=(A const&)'],
    // Types and what stands around names.
    ['_Z1fPA3_PFviE', 'f(void (* (*) [3])(int))'],
    ['_Z1fPKA3_i', 'f(int const (*) [3])'],
    ['_Z1fRA2_A3_i', 'f(int (&) [2][3])'],
    ['_Z1fPFPFvcEiE', 'f(void (*(*)(int))(char))'],
    ['_Z3fooIiEPFvcET_', 'void (*foo<int>(int))(char)'],
    ['_Z1fM1AKFviE', 'f(void (A::*)(int) const)'],
    ['_Z1fPM1Ai', 'f(int A::**)'],
    ['_Z1fPDoFvvE', 'f(void (*)() noexcept)'],
    ['_Z1fDv4_f', 'f(float __vector(4))'],
    ['_Z1fCf', 'f(float _Complex)'],
    ['_Z1fDn', 'f(decltype(nullptr))'],
    ['_Z1fPVKi', 'f(int const volatile*)'],
    ['_Z1fPrKc', 'f(char const restrict*)'],
    ['_Z1fz', 'f(...)'],
    ['_Z1fIRiEvOT_', 'void f<int&>(int&)'],
    // Template arguments.
    ['_Z1fIJidEEvDpT_', 'void f<int, double>(int, double)'],
    ['_Z1fIJEEvDpT_', 'void f<>()'],
    ['_Z3barILi5ELj6ELl7ELb1ELc65ELin1EEvv', 'void bar<5, 6u, 7l, true, (char)65, -1>()'],
    ['_Z3barIXadL_Z3foovEEEvv', 'void bar<&(foo())>()'],
    ['_Z3barIXadL_ZN1A3fooEvEEEvv', 'void bar<&A::foo>()'],
    ['_Z1fIiEDTcl3barfp_EET_', 'decltype (bar({parm#1})) f<int>(int)'],
    [
      '_Z1fIiENSt9enable_ifIXgtstT_Li4EEvE4typeEv',
      'std::enable_if<((sizeof (int))>(4)), void>::type f<int>()',
    ],
    [
      '_Z1fIiEvT_NSt9enable_ifIXsr3std7is_sameIT_iEE5valueEvE4typeE',
      'void f<int>(int, std::enable_if<std::is_same<int, int>::value, void>::type)',
    ],
    // What the compiler makes.
    ['_ZTVSt9exception', 'vtable for std::exception'],
    ['_ZTIPKc', 'typeinfo for char const*'],
    ['_ZTC1A0_1B', 'construction vtable for B-in-A'],
    ['_ZThn8_N1A1fEv', 'non-virtual thunk to A::f()'],
    ['_ZTv0_n24_N1A1fEv', 'virtual thunk to A::f()'],
    ['_ZGVZ3foovE1x', 'guard variable for foo()::x'],
    ['_ZGTtNKSt11logic_error4whatEv', 'transaction clone for std::logic_error::what() const'],
    ['_Z3foov.isra.0.cold', 'foo() [clone .isra.0] [clone .cold]'],
    // Names in functions, and closures.
    ['_ZZ3fooIiEvT_E1x', 'foo<int>(int)::x'],
    ['_ZZ3fooIiEvT_ENKUlvE_clEv', 'foo<int>(int)::{lambda()#1}::operator()() const'],
    ['_ZZ1fvENKUlT_E_clIiEEDaS_', 'auto f()::{lambda(auto:1)#1}::operator()<int>(int) const'],
    // Abbreviations and substitutions.
    [
      '_ZNKSs4sizeEv',
      'std::basic_string<char, std::char_traits<char>, std::allocator<char> >::size() const',
    ],
    [
      '_ZNSt6vectorIiSaIiEE9push_backEOi',
      'std::vector<int, std::allocator<int> >::push_back(int&&)',
    ],
    [
      '_ZNSolsEPFRSoS_E',
      'std::basic_ostream<char, std::char_traits<char> >::operator<<(std::basic_ostream<char, ' +
        'std::char_traits<char> >& (*)(std::basic_ostream<char, std::char_traits<char> >&))',
    ],
  ])('%s', (name, expected) => {
    expect(demangle(name)).toBe(expected);
  });
});

it.each([
  '',
  'main',
  '_Z',
  '_Zx',
  '_ZN1A',
  '_Z3fo',
  '_Z1fS_',
  '_Z1fT_',
  '_Z1fIT_EvT_',
  '_Z1fv@',
  '_Z1fFvvz',
])('%j is no mangled name', (name) => {
  expect(demangle(name)).toBeUndefined();
});

const hostile: Readonly<Record<string, string>> = {
  'pointers of pointers': `_Z1f${'P'.repeat(15_000)}i`,
  'arguments of arguments': `_Z${'1aI'.repeat(5000)}i${'E'.repeat(5000)}`,
  scopes: `_ZN${'1a'.repeat(8000)}E`,
  tags: `_Z1f${'B1a'.repeat(5000)}v`,
  'functions in functions': `_Z${'Z1fvE'.repeat(240)}1x`,
  'functions of functions': `_Z1f${'PF'.repeat(240)}i${'iE'.repeat(240)}`,
  'a pack many times': `_Z1fIJ${'i'.repeat(2000)}EEv${'DpT_'.repeat(3000)}`,
  'an expansion of expansions': `_Z1fIJ${'i'.repeat(3000)}EEv${'DpP'.repeat(100)}T_`,
  'substitutions that double': `_Z1fSt4pairIiiE${Array.from(
    { length: 30 },
    (_, i) => `St4pairIS${i.toString(36).toUpperCase()}_S${i.toString(36).toUpperCase()}_E`,
  ).join('')}`,
  'too long': `_Z1f${'i'.repeat(100_000)}`,
};

it.each(Object.entries(hostile))('%s end, and are not much longer than the name', (_, name) => {
  expect((demangle(name) ?? '').length).toBeLessThanOrEqual(64 * name.length);
});

it('no change of a name makes it fail, or much longer', () => {
  const random = new Random(1);
  const names = [
    '_ZNSt6vectorISt4pairIiSsESaIS1_EE17_M_realloc_insertIJS1_EEEvN9__gnu_cxx17__normal_iteratorIPS1_S3_EEDpOT_',
    '_ZZ1fvENKUlT_E_clIiEEDaS_',
    '_Z1fIiEvT_NSt9enable_ifIXsr3std7is_sameIT_iEE5valueEvE4typeE',
    '_Z1fPA3_PFviE',
  ];
  const letters = 'STNZEIJKPRODLXFvijlCABGUtlpsrc0123456789_n'.split('');
  for (let round = 0; round < 5000; round++) {
    let name = random.pick(names);
    for (let change = 0; change < 3; change++) {
      const [at, other] = [random.below(name.length), random.below(name.length)];
      name = random.pick([
        name.slice(0, at) + random.pick(letters) + name.slice(at + 1),
        name.slice(0, at) + name.slice(other),
      ]);
    }
    expect((demangle(name) ?? '').length).toBeLessThanOrEqual(64 * name.length);
  }
});
