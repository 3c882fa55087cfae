export { AnswerCipher } from './answer-cipher.js';
export { Bundles, type ActiveBundle } from './bundles.js';
export { openNode, type AgencyNode, type NodeSurroundings } from './node.js';
export { type NodeSettings } from './node-settings.js';
export { decodeTail, encodeTail, type TailMessage } from './tail.js';
export { followDocuments } from './signed-documents.js';
