export interface Chain {
  start: number;
  length: number;
}

/** The smallest start below `n` with the longest Collatz chain, and the length of that chain. */
export function longestChain(n: number): Chain {
  let start = 0;
  let length = 0;
  for (let candidate = 1; candidate < n; candidate += 1) {
    let members = 1;
    for (let value = candidate; value !== 1; members += 1) {
      value = value % 2 === 0 ? value / 2 : 3 * value + 1;
    }
    if (members > length) {
      start = candidate;
      length = members;
    }
  }
  return { start, length };
}
