import { useI18n } from 'vue-i18n';
import type { Alarm } from '../../protocol/messages/index.ts';
import { useIncidentStore } from '../state/incidentStore.ts';
import { useTownStore } from '../state/townStore.ts';
import { useIncidentText } from './useIncidentText.ts';
import { useLocalText } from './useLocalText.ts';

/** An alarm in words: what is so, and of what. */
export function useAlarmText() {
  const { t } = useI18n();
  const text = useLocalText();
  const names = useIncidentText();
  const incidents = useIncidentStore();
  const town = useTownStore();
  return {
    title: (alarm: Alarm): string =>
      t(`alarms.kind.${alarm.kind}`, { promise: alarm.promiseId ? text(town.promise(alarm.promiseId)?.name) || alarm.promiseId : '' }),
    subject(alarm: Alarm): string {
      if (alarm.kind === 'unitEmergency' && alarm.unitId) return names.unitName(alarm.unitId);
      if (alarm.channelId) return names.channelName(alarm.channelId);
      const incident = alarm.incidentId ? incidents.byId.get(alarm.incidentId) : undefined;
      return incident ? `${names.type(incident)} · ${names.place(incident)}` : (alarm.incidentId ?? '');
    },
  };
}
