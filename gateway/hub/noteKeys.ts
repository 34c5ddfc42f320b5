/** Keys of what the hub notes in the journal. An id of a source has no slash, so no key of one is the beginning of another's. */

/** Where to go on. */
export const cursorKey = (sourceId: string): string => `source/${sourceId}/cursor`;
/** Which incident a report became. */
export const externalKey = (sourceId: string, externalId: string): string => `source/${sourceId}/report/${externalId}`;
/** Before the names of messages that were taken. */
export const seenPrefix = (sourceId: string): string => `source/${sourceId}/seen/`;
/** Which report an incident came from: `[sourceId, externalId]`. */
export const incidentKey = (incidentId: string): string => `incident/${incidentId}/report`;
