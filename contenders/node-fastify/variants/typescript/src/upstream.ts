// The other service that `/fan-out` calls.
const TIMEOUT_MS = 10_000;

export interface Part {
  part: number;
  value: number;
}

async function fetchPart(part: number): Promise<Part> {
  const response = await fetch(`${process.env.UPSTREAM_URL}/part/${part}`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`upstream answered ${response.status} for part ${part}`);
  return (await response.json()) as Part;
}

/** The parts 1 to `n`, asked for at once, in order. */
export function fetchParts(n: number): Promise<Part[]> {
  return Promise.all(Array.from({ length: n }, (_, index) => fetchPart(index + 1)));
}
