/** How many of its processes an agency runs, each with a log of its own. */
export interface Instances {
  gateways: number;
  adapters: number;
}

export const ONE_EACH: Instances = { gateways: 1, adapters: 1 };
