/** `bytea`'s own number among PostgreSQL's types (`pg_type`). */
const BYTEA_OID = 17;
/** Dimensions, whether there are nulls, element type; then length and lower bound of the one dimension. */
const [EMPTY_HEAD, HEAD] = [12, 20];

/**
 * A `bytea[]` parameter as PostgreSQL sends and receives arrays in binary (`array_recv`). node-postgres writes arrays as
 * text, bytes in hexadecimal: twice as long, to be written here and read there. A Buffer it passes as it is, in binary.
 *
 * @returns a parameter for `$n::bytea[]` only; PostgreSQL refuses it for any other type
 */
export function byteaArray(items: readonly (Uint8Array | null)[]): Buffer {
  const array = Buffer.allocUnsafe(items.length === 0 ? EMPTY_HEAD : HEAD + sizeOf(items));
  array.writeInt32BE(items.length === 0 ? 0 : 1, 0);
  array.writeInt32BE(items.includes(null) ? 1 : 0, 4);
  array.writeInt32BE(BYTEA_OID, 8);
  if (items.length === 0) return array;
  array.writeInt32BE(items.length, 12);
  array.writeInt32BE(1, 16);
  let at = HEAD;
  for (const item of items) at = writeItem(array, at, item);
  return array;
}

function sizeOf(items: readonly (Uint8Array | null)[]): number {
  return items.reduce((size, item) => size + 4 + (item?.byteLength ?? 0), 0);
}

function writeItem(array: Buffer, at: number, item: Uint8Array | null): number {
  const start = array.writeInt32BE(item?.byteLength ?? -1, at);
  if (!item) return start;
  array.set(item, start);
  return start + item.byteLength;
}
