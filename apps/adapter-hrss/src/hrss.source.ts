import {
  askView,
  documentKeys,
  SourcePool,
  SubjectIndex,
  type SourceQuestion,
  type SourceReply,
  type SourceView,
} from '#adapter';
import { DOCUMENT_KINDS } from './hrss.mapper.js';

const keysOf = documentKeys(DOCUMENT_KINDS);

/** The only door to the social-security department's system. */
export class HrssSource {
  private readonly pool: SourcePool;

  constructor(url: string) {
    this.pool = new SourcePool(url, 'adapter-hrss');
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
