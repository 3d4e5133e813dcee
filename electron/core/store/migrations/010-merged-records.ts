/** Which records were merged into one is found by index: who a person is, and all that is to be forgotten of them, hangs on it. */
export const mergedRecords = `
CREATE INDEX entity_merged_into ON entity (json_extract(state, '$.mergedInto')) WHERE kind = 'patient';
`;
