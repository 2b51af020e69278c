/**
 * Writes a value as JSON text and superjson annotations with a work list, so that depth costs no stack.
 */
import { NotSerializableError } from '../errors.ts';
import { describeBinary } from './binary.ts';
import { type Frame, pathUp, readablePath, type Root } from './frame.ts';
import { custom, type Leaf, leaf, Parts, takeApart } from './parts.ts';
import { type Refusal, refusePrimitive } from './refusal.ts';
import { deepestAnnotation, type Repeats, Trial } from './repeats.ts';

/**
 * True if `writeValue` would not refuse the value; errors in it are not looked into, for they always can be
 * sent.
 */
function isSendable(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'number' || value === undefined) return true;
  try {
    new Writer('error', new Trial()).write(value, '');
    return true;
  } catch {
    return false;
  }
}

/** Writes values one after another; annotations and binaries gather. */
export class Writer {
  readonly notes: string[] = [];
  readonly binaries: Uint8Array[] = [];
  /** An annotation was left out because its path would be too long. */
  isTooDeep = false;
  readonly #root: Root;
  readonly #repeats: Repeats;
  #text = '';
  #base = '';
  #frame: Frame | null = null;

  constructor(root: Root, repeats: Repeats) {
    this.#root = root;
    this.#repeats = repeats;
  }

  /** The JSON text of a value; `base` starts the paths of its annotations. */
  write(value: unknown, base: string): string {
    this.#text = '';
    this.#base = base;
    this.#put(value, 0);
    while (this.#frame !== null) this.#step(this.#frame);
    return this.#text;
  }

  #step(frame: Frame): void {
    const { parts, cursor } = frame;
    if (cursor === parts.items.length) {
      this.#text += parts.keys === null ? ']' : '}';
      this.#frame = frame.parent;
      if (parts.annotation !== null) {
        this.#annotate(frame.parent, frame.index, annotationTree(parts.annotation, frame.notes ?? []));
      }
      return;
    }
    if (cursor > 0) this.#text += ',';
    if (parts.keys !== null) this.#text += `${JSON.stringify(parts.keys[cursor])}:`;
    frame.cursor = cursor + 1;
    this.#put(parts.items[cursor], cursor);
  }

  #put(value: unknown, index: number): void {
    switch (typeof value) {
      case 'string':
        this.#text += JSON.stringify(value);
        return;
      case 'boolean':
        this.#text += value ? 'true' : 'false';
        return;
      case 'number':
        return this.#putNumber(value, index);
      case 'undefined':
        return this.#putLeaf(leaf('"undefined"', 'null'), index);
      case 'bigint':
        return this.#putLeaf(leaf('"bigint"', `"${bigintText(value)}"`), index);
      case 'object':
        if (value === null) this.#text += 'null';
        else this.#putObject(value, index);
        return;
      case 'symbol':
      case 'function':
        this.#refuse(refusePrimitive(value), index);
    }
  }

  #putNumber(value: number, index: number): void {
    if (Object.is(value, -0)) this.#putLeaf(leaf('"number"', '"-0"'), index);
    else if (Number.isFinite(value)) this.#text += String(value);
    else this.#putLeaf(leaf('"number"', `"${value}"`), index);
  }

  #putObject(value: object, index: number): void {
    // Made by taking another object apart, and so part of its text.
    if (Parts.is(value)) return this.#enter(value, index);
    const replacement = this.#repeats.replace(value, this.#frame, index);
    if (replacement !== null) return this.#putLeaf(replacement, index);
    const piece = takeApart(value, isSendable);
    switch (piece.kind) {
      case 'parts':
        return this.#enter(piece, index);
      case 'leaf':
        return this.#putLeaf(piece, index);
      case 'binary':
        this.#putLeaf(leaf(custom('binary'), describeBinary(piece, this.binaries.length)), index);
        this.binaries.push(piece.bytes);
        return;
      case 'refusal':
        this.#refuse(piece, index);
    }
  }

  #enter(parts: Parts, index: number): void {
    const parent = this.#frame;
    const isBare = parts.annotation === null;
    this.#text += parts.keys === null ? '[' : '{';
    this.#frame = {
      parts,
      parent,
      index,
      depth: parent === null ? 0 : parent.depth + 1,
      isOpen: isBare && (parent?.isOpen ?? true),
      notes: isBare ? null : [],
      cursor: 0,
    };
  }

  #putLeaf({ text, annotation }: Leaf, index: number): void {
    this.#text += text;
    if (annotation !== null) this.#annotate(this.#frame, index, `[${annotation}]`);
  }

  #annotate(frame: Frame | null, index: number, tree: string): void {
    if (frame !== null && frame.depth > deepestAnnotation + syntheticLevels) {
      this.isTooDeep = true;
      return;
    }
    const { owner, segments } = pathUp(frame, index);
    const notes = owner?.notes ?? this.notes;
    if (owner === null) segments.unshift(this.#base);
    notes.push(`${JSON.stringify(segments.join('.'))}:${tree}`);
  }

  #refuse({ what, advice, suffix }: Refusal, index: number): never {
    const path = readablePath(this.#root, this.#frame, index) + suffix;
    throw new NotSerializableError(
      path,
      `${path} cannot be sent to another process: it is ${what}. ${advice}`,
    );
  }
}

/** Digits of base 10 cost many times what those of base 16 do: 66 µs against 2 for 1,000 factorial. */
const decimalMax = 2n ** 128n;

/** What `BigInt()` makes again. It reads no base but 10 of a negative number. */
function bigintText(value: bigint): string {
  return value > decimalMax ? `0x${value.toString(16)}` : String(value);
}

/** An object may be written as this many containers inside each other. */
const syntheticLevels = 3;

/** An annotation, as JSON text, and those of the parts below it. */
export function annotationTree(annotation: string, notes: readonly string[]): string {
  return notes.length === 0 ? `[${annotation}]` : `[${annotation},{${notes.join(',')}}]`;
}
