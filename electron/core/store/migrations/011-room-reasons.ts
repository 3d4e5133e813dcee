import { BLOCK_REASONS } from '#shared/events/types/bed.ts';

/** Snapshots of operating rooms once held what somebody wrote, which may name a patient: codes stay. */
export const roomReasons = `
UPDATE or_status_snapshot SET reason = NULL WHERE reason NOT IN (${BLOCK_REASONS.map((code) => `'${code}'`).join(', ')});
`;
