export {
  KEY_USES,
  type Agency,
  type KeyAlgorithm,
  type KeyUse,
  type LogKey,
  type RegisteredKey,
  type Registry,
  type UsableKey,
} from './model.js';
export { regionCovers } from './region.js';
export { compileRegistry } from './compile.js';
export { openRegistry, signRegistry, type OpenRegistryOptions } from './note.js';
export { RegistryView } from './view.js';
export { RegistryHolder, type RegistryListener } from './holder.js';
export { exportPublicKey, importPublicKey } from './public-key.js';
export { acceptRegistration, registration } from './registration.js';
export {
  acceptLogKeyClosing,
  isLogKeyClosing,
  keyEntryText,
  logKeyClosing,
  type KeyEntryReceipt,
  type LogKeyChange,
} from './log-key-closing.js';
export { parseOwnKey, publicPart, type OwnKey } from './own-key.js';
export { makeDirectory } from './make-directory.js';
export { KeyStore, SECRET_USES, type RotatedUse, type SecretOptions, type SecretUse } from './key-store.js';
export { destroyEndedHpke, HPKE_GRACE_MS, HPKE_LIFE_MS, rotateHpke } from './hpke-rotation.js';
