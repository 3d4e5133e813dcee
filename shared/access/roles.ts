/** What somebody may do, by name; scopes of API tokens are the same names. */
export const PERMISSIONS = {
  'views.read': 'see boards, figures and their history; nothing in them names a person',
  'sources.read': 'see sources, events as the log keeps them (pseudonyms), refused messages',
  'sources.write': 'register, accept and refuse sources, mark events as processed, replay refused messages',
  'snapshots.refresh': 'have snapshots of a unit or department taken anew',
  'exports.read': 'take lists and trends out of Vigil as files',
  'patients.read': 'see who a patient is, and free text of events, which may name one; each look is audited',
  'patients.break-glass': 'see who a patient is for a while, with a reason, without the right',
  'patients.erase': 'forget a person in the vault',
  'log.read': 'read the log from a position on, as stations do that join; free text of events is in it',
  'audit.read': 'read and check the audit trail',
  'config.read': 'see the site document and its history',
  'config.write': 'change the site document, take back a change',
  'users.write': 'make and end users, PINs and API tokens',
} as const;
export type Permission = keyof typeof PERMISSIONS;

const SEE = ['views.read'] as const satisfies Permission[];
const WORK = [...SEE, 'sources.read', 'snapshots.refresh', 'patients.break-glass'] as const satisfies Permission[];

/**
 * What a role may do. Who runs the system does not see patients: an administrator who must, breaks the glass like
 * everyone else, and the audit trail tells.
 */
export const ROLES = {
  wall: SEE,
  kiosk: SEE,
  operator: WORK,
  'shift-lead': [...WORK, 'exports.read', 'patients.read'],
  manager: [...SEE, 'sources.read', 'exports.read'],
  station: [...SEE, 'log.read', 'config.read'],
  integrator: [...SEE, 'sources.read', 'sources.write', 'config.read'],
  auditor: [...SEE, 'audit.read', 'exports.read'],
  admin: [...SEE, 'sources.read', 'sources.write', 'snapshots.refresh', 'exports.read', 'patients.break-glass', 'patients.erase', 'log.read', 'audit.read', 'config.read', 'config.write', 'users.write'],
} as const satisfies Record<string, readonly Permission[]>;
export type Role = keyof typeof ROLES;

export const ROLE_NAMES = Object.keys(ROLES) as [Role, ...Role[]];
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];

/** Everything that any of the roles may do. */
export const permissionsOf = (roles: readonly Role[]): ReadonlySet<Permission> => new Set(roles.flatMap((role) => ROLES[role]));
