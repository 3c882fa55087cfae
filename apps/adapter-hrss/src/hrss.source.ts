import { documentKeys, ViewSource } from '#adapter';
import { DOCUMENT_KINDS } from './hrss.mapper.js';

/** The only door to the social-security department's system. */
export class HrssSource extends ViewSource {
  constructor(url: string) {
    super(url, { name: 'adapter-hrss', keysOf: documentKeys(DOCUMENT_KINDS) });
  }
}
