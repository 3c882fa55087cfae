export { AnswerCipher } from './answer-cipher.js';
export { Bundles, type ActiveBundle } from './bundles.js';
export { openNode, type AgencyNode } from './node.js';
export { type NodeSettings } from './node-settings.js';
export { openObserver, type NodeSurroundings, type Observer } from './observer.js';
export { followDocuments, followRegistry, type Following } from './signed-documents.js';
export { decodeTail, encodeTail, type TailMessage } from './tail.js';
