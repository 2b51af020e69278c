/** No process at all: the bytes are copied once, into memory that has been touched before. */

/** Gives what the byte measurements call. */
export function open() {
  let memory = new Uint8Array();
  return {
    async call(task, value) {
      if (task === 'byteLength') {
        if (memory.byteLength !== value.byteLength) memory = new Uint8Array(value.byteLength).fill(1);
        memory.set(value);
        return memory.byteLength;
      }
      return undefined;
    },
    isInPlace: true,
    close: () => undefined,
  };
}
