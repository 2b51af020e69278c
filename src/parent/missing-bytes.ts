/** Notices bytes that their owner took away while a task waited. */
import type { EncodedValue } from '../codec/codec.ts';
import { NotSerializableError } from '../errors.ts';

/** Bytes that the caller lent may have been transferred or resized while the task waited. */
export function missingBytes({
  json,
  meta,
  binaries,
  byteLength,
}: EncodedValue): NotSerializableError | null {
  if (binaries.length === 0) return null;
  const expected = byteLength - json.length - (meta?.length ?? 0);
  const present = binaries.reduce((sum, bytes) => sum + bytes.byteLength, 0);
  if (present === expected) return null;
  return new NotSerializableError(
    'argument',
    `${expected - present} bytes of an argument were gone before it could be sent: an ArrayBuffer was ` +
      'transferred or resized while its task waited. Bytes above 1 MiB ' +
      'are not copied at the call; keep them until the task settles.',
  );
}
