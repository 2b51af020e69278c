/**
 * Moments that were found and not explored yet, first in, first out. What does not fit into the memory it may
 * use waits in a temporary file.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Moments per block; blocks are what is written to the file and read back. */
const blockSize = 2_048;

interface Block {
  rows: Int32Array | null;
  /** Where it stands in the file. */
  offset: number;
}

export class Frontier {
  readonly #rowLength: number;
  readonly #blocksMax: number;
  readonly #blocks: Block[] = [];
  readonly #freeOffsets: number[] = [];
  #head: Int32Array = new Int32Array(0);
  #headAt = 0;
  #headCount = 0;
  #tail: Int32Array;
  #tailCount = 0;
  #size = 0;
  #file: { readonly descriptor: number; readonly folder: string; byteLength: number } | null = null;

  /** `bytesMax`: how much of it may stay in memory. */
  constructor(rowLength: number, bytesMax: number) {
    this.#rowLength = rowLength;
    this.#blocksMax = Math.max(1, Math.floor(bytesMax / (blockSize * rowLength * 4)));
    this.#tail = this.#newBlock();
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes that were written to disk because memory was full. */
  get spilledBytes(): number {
    return this.#file?.byteLength ?? 0;
  }

  push(row: Int32Array): void {
    this.#tail.set(row, this.#tailCount * this.#rowLength);
    this.#tailCount += 1;
    this.#size += 1;
    if (this.#tailCount < blockSize) return;
    this.#blocks.push(
      this.#blocks.length < this.#blocksMax ? { rows: this.#tail, offset: -1 } : this.#spill(this.#tail),
    );
    this.#tail = this.#newBlock();
    this.#tailCount = 0;
  }

  /** Writes the next moment into `row`; false if there is none. */
  shift(row: Int32Array): boolean {
    if (this.#headAt === this.#headCount && !this.#nextBlock()) return false;
    const start = this.#headAt * this.#rowLength;
    row.set(this.#head.subarray(start, start + this.#rowLength));
    this.#headAt += 1;
    this.#size -= 1;
    return true;
  }

  /** Deletes the temporary file. */
  close(): void {
    if (this.#file === null) return;
    fs.closeSync(this.#file.descriptor);
    fs.rmSync(this.#file.folder, { recursive: true, force: true });
    this.#file = null;
  }

  #newBlock(): Int32Array {
    return new Int32Array(blockSize * this.#rowLength);
  }

  #nextBlock(): boolean {
    const block = this.#blocks.shift();
    if (block !== undefined) {
      this.#head = block.rows ?? this.#readBack(block.offset);
      this.#headCount = blockSize;
    } else if (this.#tailCount > 0) {
      this.#head = this.#tail;
      this.#headCount = this.#tailCount;
      this.#tail = this.#newBlock();
      this.#tailCount = 0;
    } else return false;
    this.#headAt = 0;
    return true;
  }

  #spill(rows: Int32Array): Block {
    this.#file ??= openTemporary();
    const offset = this.#freeOffsets.pop() ?? this.#file.byteLength;
    fs.writeSync(this.#file.descriptor, rows, 0, rows.byteLength, offset);
    this.#file.byteLength = Math.max(this.#file.byteLength, offset + rows.byteLength);
    return { rows: null, offset };
  }

  #readBack(offset: number): Int32Array {
    const rows = this.#newBlock();
    if (this.#file !== null) fs.readSync(this.#file.descriptor, rows, 0, rows.byteLength, offset);
    this.#freeOffsets.push(offset);
    return rows;
  }
}

function openTemporary(): { descriptor: number; folder: string; byteLength: number } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troupe-verify-'));
  const file = path.join(folder, 'frontier');
  return { descriptor: fs.openSync(file, 'w+'), folder, byteLength: 0 };
}
