/** Past uses kept for each bed. */
export const KEPT_PER_BED = 8;

/** Reads the past uses of all beds from the encounters. */
export const fillBedUses = `
DELETE FROM bed_use;
INSERT INTO bed_use (unit, bed, entity, taken_at, vacated_at)
SELECT unit, bed, entity, taken_at, vacated_at FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY unit, bed ORDER BY vacated_at DESC) AS place FROM (
    SELECT stay.value ->> '$.unit' AS unit, stay.value ->> '$.bed' AS bed, entity_id AS entity, stay.value ->> '$.from' AS taken_at, MAX(stay.value ->> '$.to') AS vacated_at
    FROM entity, json_each(entity.state, '$.adt.stays') AS stay
    WHERE entity.kind = 'encounter' AND stay.value ->> '$.bed' IS NOT NULL AND stay.value ->> '$.to' IS NOT NULL
    GROUP BY 1, 2, 3
  )
) WHERE place <= ${KEPT_PER_BED};
`;

/** Who left which bed last, so that it is known after the stay itself is no more in memory. */
export const bedUses = `
CREATE TABLE bed_use (
  unit TEXT NOT NULL,
  bed TEXT NOT NULL,
  entity INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  vacated_at INTEGER NOT NULL,
  PRIMARY KEY (unit, bed, entity)
) WITHOUT ROWID;
CREATE INDEX bed_use_newest ON bed_use (unit, bed, vacated_at);
CREATE INDEX bed_use_entity ON bed_use (entity);
${fillBedUses}`;
