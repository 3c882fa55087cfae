import {
  askView,
  documentKeys,
  SourcePool,
  SubjectIndex,
  type SourceQuestion,
  type SourceReply,
  type SourceView,
} from '#adapter';
import { SUBJECT_KINDS } from './housing.mapper.js';

const keysOf = documentKeys(SUBJECT_KINDS);

/** The only door to the housing department's system. */
export class HousingSource {
  private readonly pool: SourcePool;

  constructor(url: string) {
    this.pool = new SourcePool(url, 'adapter-housing');
  }

  /** @param given parameters of the view */
  find(
    view: SourceView,
    question: SourceQuestion,
    given: Readonly<Record<string, unknown>> = {},
  ): Promise<SourceReply> {
    return askView(this.pool, view, question, new SubjectIndex(question.subjects, keysOf), given);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
