import { documentKeysWithOld, ViewSource } from '#adapter';
import { DOCUMENT_KINDS } from './fund.mapper.js';

/** The only door to a provident-fund centre's system. */
export class FundSource extends ViewSource {
  /** @param region GB/T 2260 of the centre, which its own tables do not hold */
  constructor(url: string, region: string) {
    super(url, {
      name: 'adapter-fund',
      keysOf: documentKeysWithOld(DOCUMENT_KINDS),
      always: { centre: region },
    });
  }
}
