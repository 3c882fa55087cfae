import { Problem } from '#problem';

/**
 * The work's result, or Problem `log-unavailable` after `ms`, whose cause says that the connection is lost: from one that
 * hangs no answer can be told from one that is still coming. The work goes on unwatched then: its caller has to take away
 * what it works on.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Problem('log-unavailable', { detail: 'database too slow', cause: noAnswer() })),
      Math.max(0, ms),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}
