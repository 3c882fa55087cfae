export { type SignedMessage } from './message.js';
export { contentDigest } from './content-digest.js';
export { TAG, WINDOW_MS } from './policy.js';
export { verifyRequest, type Identity, type VerifyContext } from './verify-request.js';
export { proveRequest, type Proved, type Prover, type ReceivedRequest } from './prove-request.js';
export { signRequest, type RequestToSign } from './sign-request.js';
export { ReplayGuard, type ReplayGuardOptions } from './replay-guard.js';
export { identityMigrations } from './migrations.js';
