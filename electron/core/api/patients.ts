import { erasePatient, findPatient, getPatient, getPatientInBed } from '#shared/api/patients.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import { personOf } from '../domain/adt/surviving-record.ts';
import type { House } from '../domain/house.ts';
import type { Patient, Whom } from '../store/patients.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

export interface PatientParts {
  readonly ask: (ask: Ask) => Promise<Answer>;
  readonly house: () => House;
}

/** Who somebody is: for those who may, one person at a time, each look in the audit trail. */
export function patientRoutes({ ask, house }: PatientParts): Route[] {
  const known = async (whom: Whom, { note }: Caller): Promise<Patient> => {
    const answer = await ask({ what: 'patient', whom });
    if (!answer.ok) throw new Problem(503, answer.problem);
    if (!answer.patient) throw new Problem(404, 'Nobody is known by this here: the vault never held them, or has forgotten them.');
    note({ pseudonym: answer.patient.pseudonym });
    return answer.patient;
  };
  return [
    route(getPatient, ({ params }, caller) => known(params, caller)),
    route(getPatientInBed, async ({ params: { unit, bed } }, caller) => {
      const here = house();
      const patients = new Set([...here.encountersInBed(bedKey({ unit, bed }))].flatMap((id) => personOf(here, here.get('encounter', id)!) ?? []));
      if (patients.size === 0) throw new Problem(404, `Nobody is known to lie in ${unit}/${bed} now.`);
      if (patients.size > 1) throw new Problem(409, `The records of ${patients.size} patients say that they lie in ${unit}/${bed}; look at the bed's board for the conflict.`);
      return known({ pseudonym: [...patients][0]! }, caller);
    }),
    route(findPatient, ({ body }, caller) => known(body, caller)),
    route(erasePatient, async ({ body }, { note }) => {
      const answer = await ask({ what: 'erase', whom: body });
      if (!answer.ok) throw new Problem(503, answer.problem);
      const { pseudonym, records, letters, waiting } = answer.erased!;
      note({ pseudonym, records: records.join(' '), letters, waiting });
      return answer.erased!;
    }),
  ];
}
