/**
 * The operators of the Itanium C++ ABI (5.1.4.1 <operator-name>, 5.1.6 <expression>): their codes, what
 * they look like, and how many operands they have in an expression.
 */

/** An operator: its sign, and its number of operands. */
export interface Operator {
  readonly sign: string;
  readonly operands: number;
}

const TABLE: Readonly<Record<number, string>> = {
  1: 'ps=+ ng=- ad=& de=* co=~ nt=! pp=++ mm=-- gs=:: nx=noexcept tw=throw',
  2:
    'pl=+ mi=- ml=* dv=/ rm=% an=& or=| eo=^ aS== pL=+= mI=-= mL=*= dV=/= rM=%= aN=&= oR=|= eO=^= ls=<< rs=>>' +
    ' lS=<<= rS=>>= eq=== ne=!= lt=< gt=> le=<= ge=>= ss=<=> aa=&& oo=|| cm=, pm=->* pt=-> ix=[] cl=() dt=. ds=.*',
  3: 'qu=?',
};

const WORDS: readonly (readonly [code: string, sign: string, operands: number])[] = [
  ['nw', 'new', 3],
  ['na', 'new[]', 3],
  ['dl', 'delete', 1],
  ['da', 'delete[]', 1],
  ['aw', 'co_await', 1],
  ['st', 'sizeof ', 1],
  ['sz', 'sizeof ', 1],
  ['at', 'alignof ', 1],
  ['az', 'alignof ', 1],
  ['ti', 'typeid ', 1],
  ['te', 'typeid ', 1],
  ['tr', 'throw', 0],
  ['dc', 'dynamic_cast', 2],
  ['sc', 'static_cast', 2],
  ['cc', 'const_cast', 2],
  ['rc', 'reinterpret_cast', 2],
];

/** Every operator by its code. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...Object.entries(TABLE).flatMap(([operands, row]) =>
    row.split(' ').map((entry) => {
      const operator = { sign: entry.slice(3), operands: Number(operands) };
      return [entry.slice(0, 2), operator] as const;
    }),
  ),
  ...WORDS.map(([code, sign, operands]) => [code, { sign, operands }] as const),
]);
