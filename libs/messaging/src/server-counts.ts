/** What became of the messages that a server took, since its start. */
export interface ServerCounts {
  taken: number;
  answered: number;
  /** The handler returned nothing, or the message was not to be trusted: no reply was sent. */
  unanswered: number;
  /** The handler threw: the reply has the Problem's name and no body. */
  refused: number;
  /** The deadline passed before the work began: not done. */
  late: number;
  dead: number;
  replyLost: number;
  /** Given up by `close`. */
  abandoned: number;
}

export function noCounts(): ServerCounts {
  return { taken: 0, answered: 0, unanswered: 0, refused: 0, late: 0, dead: 0, replyLost: 0, abandoned: 0 };
}
