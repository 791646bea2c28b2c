const firstMs = 1_000;
const mostMs = 60_000;

/** How long to wait after so many failures in a row: 1 s, 2 s, 4 s … 60 s. */
export function backOffMs(failures: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 16));
}
