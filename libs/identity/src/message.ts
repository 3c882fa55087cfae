/** An HTTP request as its bytes came in: nothing of it decoded, normalised or parsed. */
export interface SignedMessage {
  /** As sent, upper case. */
  method: string;
  /** Request target in origin form: path and query exactly as received (`request.raw.url`). */
  target: string;
  /** Field names in lower case, as `node:http` gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  rawBody: Uint8Array;
}

/** A field that may be there once. Lists (set-cookie and the like) are nothing we sign. */
export function singleField({ headers }: SignedMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : undefined;
}
