/** Logical patterns handlers subscribe to; each maps to physical topics here and nowhere else. */
export const topics = {
  /** Questions to one provider; key = exchange. */
  request: (provider: string) => `exchange.request.${provider}`,
  /** Replies to one requester's gateways; each instance owns one partition. */
  reply: (requester: string) => `exchange.reply.${requester}`,
  /** Leaves with the signed checkpoint of every group commit, for the monitor; key = log origin. */
  tail: () => 'log.tail',
  /** Signed bundles, compacted; key = provider. */
  bundle: () => 'sharing.bundle',
  /** Signed registries, compacted; key = `registry`. */
  registry: () => 'registry',
  /** Poison messages: headers, code and hash, never a body. */
  deadLetter: (topic: string) => `${topic}.dead`,
} as const;
