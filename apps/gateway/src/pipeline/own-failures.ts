import { type Problem, type ProblemName } from '#problem';

/**
 * Failures of this node: they say nothing of the reply, and no other reply would fare better. Only what no message can
 * bring about belongs here, else whoever writes to the reply topic could end the waiting.
 */
const OWN: readonly ProblemName[] = [
  ...(['internal', 'key-store', 'config-invalid', 'database-unavailable'] as const),
  ...(['log-unavailable', 'log-fenced', 'log-behind-edge', 'shutting-down'] as const),
];

/** Whether a problem is a failure of this node, and not what is wrong with a message. */
export function isOwnFailure({ problem }: Problem): boolean {
  return OWN.includes(problem);
}
