import { Logger } from '@nestjs/common';
import { Problem, type ProblemName } from '#problem';

/** Something the operator should see. Ids, names and codes only: the process's logger takes it as its fields. */
export interface TransportReport {
  step:
    | 'dead-letter'
    | 'dead-letter-lost'
    | 'reply-lost'
    | 'reply-malformed'
    | 'abandoned'
    | 'reader-restart'
    | 'reader-lost'
    /** A topic is another one than what was read of it: made anew, or its tail lost. It is read from its beginning. */
    | 'topic-remade'
    /** Where a reader stood is no longer in the topic: the same, or it expired unread. It goes on with the oldest record. */
    | 'position-lost';
  topic: string;
  problem: ProblemName;
  code: number;
  /** Stack frame of an error that is no Problem; never its message, which may hold a value. */
  where?: string;
}

export type Report = (report: TransportReport) => void;

const logger = new Logger('ExchangeTransport');

/** Used when the process gives no `report` of its own. */
export const reportToNest: Report = (report) => logger.warn(JSON.stringify(report));

export function reportOf(step: TransportReport['step'], topic: string, error: unknown): TransportReport {
  const { problem, code, cause } = Problem.from(error);
  const where = cause instanceof Error ? firstFrame(cause) : undefined;
  return { step, topic, problem, code, ...(where !== undefined && { where }) };
}

/** The message stands before the frames and may run over lines of its own: cut it off first. */
function firstFrame({ name, message, stack = '' }: Error): string {
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const frame = frames.split('\n').find((line) => /^\s+at /.test(line));
  return `${name}${frame ? ` ${frame.trim()}` : ''}`;
}
