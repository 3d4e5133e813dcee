/** One imaging order. Times are epoch ms. */
export interface ImagingOrderState {
  encounter?: string;
  /** DICOM modality. */
  modality?: string;
  priority: string;
  /** Where the patient was when the order was made. */
  setting?: 'ed' | 'inpatient' | 'outpatient';
  procedure?: string;
  scanner?: string;
  orderedAt?: number;
  /** First image. */
  startedAt?: number;
  /** When the study could be read; absent again while it is continued. */
  completedAt?: number;
  /** First report that somebody who may not sign it alone gave. */
  preliminaryAt?: number;
  /** First final report; turnaround ends here. */
  signedAt?: number;
  /** Newest addendum. Without `signedAt` the report it adds to was never seen. */
  addendedAt?: number;
  critical?: boolean;
  cancelledAt?: number;
  cancelReason?: string;
}
