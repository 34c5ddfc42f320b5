import type { Component } from 'vue';

/** Where on the wall a panel stands. `float` panels lie over the map's top right, `call` over its bottom left. */
export type PanelSlot = 'header' | 'left' | 'right' | 'strip' | 'map' | 'float' | 'call' | 'toast' | 'dialog';

export interface PanelRow {
  id: string;
  /** i18n key of its name, shown when it fails. */
  title: string;
  slot: PanelSlot;
  load(): Promise<{ default: Component }>;
}

/** Every panel of the wall, from top to bottom within its place. A new one is a file and a line here. */
export const panels = [
  { id: 'header', title: 'panel.header', slot: 'header', load: () => import('./WallHeader.vue') },
  { id: 'channels', title: 'panel.channels', slot: 'left', load: () => import('./ChannelsPanel.vue') },
  { id: 'arrivals', title: 'panel.arrivals', slot: 'left', load: () => import('./ArrivalsPanel.vue') },
  { id: 'promises', title: 'panel.promises', slot: 'left', load: () => import('./PromisesPanel.vue') },
  { id: 'alarmStrip', title: 'alarms.title', slot: 'right', load: () => import('./AlarmPanel.vue') },
  { id: 'queue', title: 'panel.queue', slot: 'right', load: () => import('./QueuePanel.vue') },
  { id: 'bodyCameras', title: 'panel.bodyCameras', slot: 'right', load: () => import('./BodyCamerasPanel.vue') },
  { id: 'agencies', title: 'panel.agencies', slot: 'strip', load: () => import('./AgenciesPanel.vue') },
  { id: 'mapStatus', title: 'panel.map', slot: 'map', load: () => import('./MapStatusPanel.vue') },
  { id: 'legend', title: 'panel.legend', slot: 'map', load: () => import('./MapLegendPanel.vue') },
  { id: 'replayMark', title: 'panel.replay', slot: 'map', load: () => import('./ReplayMarkPanel.vue') },
  { id: 'reach', title: 'panel.reach', slot: 'map', load: () => import('./ReachPanel.vue') },
  { id: 'tracks', title: 'panel.tracks', slot: 'map', load: () => import('./TracksPanel.vue') },
  { id: 'timeline', title: 'panel.timeline', slot: 'map', load: () => import('./TimelinePanel.vue') },
  { id: 'incident', title: 'panel.incident', slot: 'float', load: () => import('./IncidentPanel.vue') },
  { id: 'unit', title: 'panel.unit', slot: 'float', load: () => import('./UnitPanel.vue') },
  { id: 'call', title: 'panel.call', slot: 'call', load: () => import('./CallPanel.vue') },
  { id: 'toasts', title: 'panel.toasts', slot: 'toast', load: () => import('./ToastsPanel.vue') },
  { id: 'help', title: 'panel.help', slot: 'dialog', load: () => import('./HelpPanel.vue') },
  { id: 'alarms', title: 'alarms.title', slot: 'dialog', load: () => import('./AlarmsPanel.vue') },
  { id: 'numbers', title: 'panel.numbers', slot: 'dialog', load: () => import('./NumbersPanel.vue') },
  { id: 'diagnostics', title: 'panel.diagnostics', slot: 'dialog', load: () => import('./DiagnosticsPanel.vue') },
] as const satisfies readonly PanelRow[];
