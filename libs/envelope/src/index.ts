export { ENVELOPE_HEADER, ENVELOPE_VERSION, type MessageKind } from './headers.js';
export { LARGEST_PLAINTEXT } from './padding.js';
export { type Parts } from './parts.js';
export { Sealer, type SealerOptions, type TailToSeal, type ToSeal } from './sealer.js';
export { CONTEXT_LIFE_MS } from './sender-contexts.js';
export { LONGEST_LIFE_MS, Opener, type Opened, type OpenedTail, type OpenerOptions } from './opener.js';
export { type HpkeKeys } from './receiver-contexts.js';
export { checkBinding, type Awaited, type Expectation } from './binding.js';
export { SeenMessages, type SeenMessagesOptions } from './seen-messages.js';
