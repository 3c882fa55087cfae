export { openKafka, type KafkaOptions, type LocalKafka } from './open-kafka.js';
export { type KafkaConnection } from './answering.js';
export { aclsOf, agenciesOf, provinceAcls, type AclRow, type ProvinceRoles } from './acls/agency-acls.js';
export { aclCommands } from './acls/acl-commands.js';
export { applyAcls } from './acls/apply-acls.js';
