import { documentKeys, ViewSource } from '#adapter';
import { SUBJECT_KINDS } from './housing.mapper.js';

/** The only door to the housing department's system. */
export class HousingSource extends ViewSource {
  constructor(url: string) {
    super(url, { name: 'adapter-housing', keysOf: documentKeys(SUBJECT_KINDS) });
  }
}
