import { type AskedSubject } from '#exchange';
import { type SourceQuestion, type SourceReply } from './query-handler.js';
import { SharedReads } from './shared-reads.js';
import { SourcePool } from './source-pool.js';
import { askView, type SourceView } from './source-view.js';
import { SubjectIndex, type SourceKey } from './subject-index.js';

/** How a system of this kind is asked. */
export interface ViewSourceOptions {
  /** Shown in the system's list of connections. */
  name: string;
  /** Under which numbers a subject may stand in it. */
  keysOf: (subject: AskedSubject) => SourceKey[];
  /** Parameters that every view of it gets. */
  always?: Readonly<Record<string, unknown>>;
}

/** The only door to an agency's own PostgreSQL system (or to a copy of its tables): read through views, for granted fields only. */
export class ViewSource {
  private readonly pool: SourcePool;
  private readonly reads: SharedReads;

  constructor(
    url: string,
    private readonly options: ViewSourceOptions,
  ) {
    this.pool = new SourcePool(url, options.name);
    this.reads = new SharedReads(this.pool);
  }

  /**
   * @param given parameters of the view besides those that every view gets
   * @throws Problem `source-timeout`, `source-unavailable`
   */
  find(
    view: SourceView,
    question: SourceQuestion,
    given: Readonly<Record<string, unknown>> = {},
  ): Promise<SourceReply> {
    const { keysOf, always } = this.options;
    return askView(this.reads, view, question, new SubjectIndex(question.subjects, keysOf), {
      ...always,
      ...given,
    });
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
