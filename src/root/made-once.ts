/**
 * Answers that are made once in a run, however many programs, needs and checks ask: kept beside what they
 * are about, and let go with it.
 */

/** `make`, whose result is kept for each object. What it throws is thrown anew for each call. */
export function madeOnce<Of extends object, Result>(make: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of) => {
    let answer = known.get(of);
    if (answer === undefined) {
      answer = { result: make(of) };
      known.set(of, answer);
    }
    return answer.result;
  };
}
