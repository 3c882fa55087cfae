/** What the cut-off gateway is told. */
export interface EdgeSettings {
  agency: string;
  provider: string;
  /** The provider's bundle, signed. */
  bundle: string;
  databaseUrl: string;
  dir: string;
  registryKey: string;
  registryNote: string;
  monitor: string;
}

/** In the answer of both, ours and the baseline, once the question may be asked. */
export const AUTHORIZED = '"authorized":true';
