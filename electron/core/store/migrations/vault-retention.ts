/** What has been kept long enough is found by index. */
export const vaultRetention = `
CREATE INDEX person_updated ON person (updated);
CREATE INDEX dead_letter_body_expires ON dead_letter_body (expires);
`;
