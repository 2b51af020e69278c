/** Types of `frames.mjs`, for the test that checks it. */

export function frameParts(kind: number, body?: Uint8Array): Uint8Array[];
export class FrameReader {
  constructor(onFrame: (kind: number, body: Uint8Array) => void);
  push(bytes: Uint8Array): void;
}
