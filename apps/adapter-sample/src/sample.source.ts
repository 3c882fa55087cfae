import { documentKeysWithOld, ViewSource } from '#adapter';
import { DOCUMENT_KINDS } from './sample.mapper.js';

/** The only door to the bank's system. */
export class SampleSource extends ViewSource {
  /** @param region GB/T 2260 of the centre, which the bank's tables do not hold */
  constructor(url: string, region: string) {
    super(url, {
      name: 'adapter-sample',
      keysOf: documentKeysWithOld(DOCUMENT_KINDS),
      always: { centre: region },
    });
  }
}
