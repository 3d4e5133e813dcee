import { readFileSync } from 'node:fs';
import { floorPlanSchema, type FloorPlan } from '#shared/floorplan.ts';
import { listFiles, shipped } from './shipped.ts';

/** The floor plans that come with Vigil, by their id. */
export function readPlans(): ReadonlyMap<string, FloorPlan> {
  const dir = shipped('floorplans');
  const files = dir ? listFiles(dir).filter((file) => file.endsWith('.json')) : [];
  return new Map(files.map((file) => floorPlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')))).map((plan) => [plan.id, plan]));
}
