/** Settings of one process of an agency's node. */
export interface NodeSettings {
  agency: string;
  role: 'gateway' | 'adapter' | 'audit' | 'monitor';
  /** Number of this instance of its role. */
  ordinal: number;
  databaseUrl: string;
  /** The node's private directory: keys, secrets, edge files. Never inside the database. */
  dir: string;
  /** C2SP verifier key of the province's registry, pinned when the node was set up. */
  registryKey: string;
  /** A signed registry to begin with; a newer one in the database or on the transport replaces it. */
  registryNote: string;
  /** Agency that mirrors the logs. */
  monitor: string;
  /** Whether synthetic identities (region prefix 99) are people here: demo and tests only. */
  synthetic: 'accept' | 'refuse';
}
