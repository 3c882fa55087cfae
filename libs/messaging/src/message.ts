/** What travels: bytes under a topic with text headers. Nothing above this line knows the broker. */
export interface WireMessage {
  /** Partition key. */
  key: string;
  headers: Record<string, string>;
  value: Uint8Array;
}
