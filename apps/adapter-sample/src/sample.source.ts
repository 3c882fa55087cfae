import {
  askView,
  documentKeysWithOld,
  SourcePool,
  SubjectIndex,
  type SourceQuestion,
  type SourceReply,
  type SourceView,
} from '#adapter';
import { DOCUMENT_KINDS } from './sample.mapper.js';

const keysOf = documentKeysWithOld(DOCUMENT_KINDS);

/** The only door to the bank's system. */
export class SampleSource {
  private readonly pool: SourcePool;

  /** @param region GB/T 2260 of the centre, which the bank's tables do not hold */
  constructor(
    url: string,
    private readonly region: string,
  ) {
    this.pool = new SourcePool(url, 'adapter-sample');
  }

  /** @param given parameters of the view besides `centre` */
  find(
    view: SourceView,
    question: SourceQuestion,
    given: Readonly<Record<string, unknown>>,
  ): Promise<SourceReply> {
    const index = new SubjectIndex(question.subjects, keysOf);
    return askView(this.pool, view, question, index, { centre: this.region, ...given });
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
