/** Calls back when nothing more comes, or as much has been looked for as any system keeps for a reader. */
export function whenEmptied(
  receivedBytes: () => number,
  soon: (callback: () => void) => void,
  looksMax: number,
  onEmptied: () => void,
): void {
  let received = -1;
  let looksLeft = looksMax;
  const look = (): void => {
    const now = receivedBytes();
    if (now === received || looksLeft === 0) onEmptied();
    else {
      looksLeft -= 1;
      received = now;
      soon(look);
    }
  };
  soon(look);
}
