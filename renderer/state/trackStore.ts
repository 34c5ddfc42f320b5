import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { TrackArea, TrackPiece } from '../../protocol/queries/tracks.ts';
import type { FeedClient } from '../feed/feedTypes.ts';

/** What somebody wants to see: where one unit was, where all were, or who was at a place. */
export interface TrackQuestion {
  what: 'unit' | 'place' | 'all';
  /** For `unit`. */
  unitId: string | null;
  /** For `place`. */
  area: TrackArea | null;
  fromMs: number;
  toMs: number;
}
export type TrackAnswer =
  | { kind: 'none' }
  | { kind: 'loading' | 'shown'; question: TrackQuestion; toleranceM: number }
  | { kind: 'failed'; question: TrackQuestion; code: string; message: string };
export const EXPORT_FORMATS = ['geojson', 'gpx', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type TrackPort = Pick<FeedClient, 'query'>;
/** Saves every fix that the question asks for as a file. Rejects with the reason. */
export type SaveTracks = (question: TrackQuestion, format: ExportFormat) => Promise<void>;

/** Fixes that the map takes well: 16 MB of vertices. */
const MOST_FIXES = 200_000;
/** A long span is read from the disk hour by hour: this long for each part. */
const PART_TIMEOUT_MS = 20_000;

/** Recorded ways of units: what was asked and what came. */
export const useTrackStore = defineStore('tracks', () => {
  /** Whether the panel is shown. */
  const open = ref(false);
  const answer = shallowRef<TrackAnswer>({ kind: 'none' });
  const pieces = shallowRef<readonly TrackPiece[]>([]);
  /** Up to this moment they are drawn. */
  const headMs = ref(0);
  let port: TrackPort | null = null;
  /** The file that is being written, and why the last one was not. */
  const saving = ref<ExportFormat | null>(null);
  const saveFault = ref<string | null>(null);
  let saver: SaveTracks | null = null;
  let asked = 0;

  const fixes = computed(() => pieces.value.reduce((sum, piece) => sum + piece.observedAtMs.length, 0));
  const units = computed(() => new Set(pieces.value.map((piece) => piece.unitId)).size);
  const cut = computed(() => pieces.value.some((piece) => piece.cut));

  /** @param keepHead The same question in finer detail: the slider stays where it is. */
  async function ask(question: TrackQuestion, toleranceM: number, keepHead = false): Promise<void> {
    if (port === null) return;
    asked += 1;
    const mine = asked;
    const span = { fromMs: question.fromMs, toMs: question.toMs, toleranceM, limit: MOST_FIXES };
    answer.value = { kind: 'loading', question, toleranceM };
    if (!keepHead) {
      pieces.value = [];
      headMs.value = question.toMs;
    }
    const come: TrackPiece[] = [];
    const options = {
      timeoutMs: PART_TIMEOUT_MS,
      onItems(items: TrackPiece[]): void {
        for (const item of items) come.push(item);
        // A finer answer replaces the coarser one when it is whole; a first one is drawn as it comes.
        if (mine === asked && !keepHead) pieces.value = [...come];
      },
    };
    const result =
      question.what === 'place' && question.area
        ? await port.query('tracksInArea', { ...span, area: question.area }, options)
        : await port.query('tracksInSpan', { ...span, ...(question.unitId === null ? {} : { unitIds: [question.unitId] }) }, options);
    if (mine !== asked) return;
    if (!result.ok) {
      answer.value = { kind: 'failed', question, code: result.code, message: result.message };
      return;
    }
    pieces.value = come;
    answer.value = { kind: 'shown', question, toleranceM };
  }

  return {
    open,
    answer,
    pieces,
    headMs,
    fixes,
    units,
    cut,
    ask,
    clear(): void {
      asked += 1;
      answer.value = { kind: 'none' };
      pieces.value = [];
    },
    saving,
    saveFault,
    async save(question: TrackQuestion, format: ExportFormat): Promise<void> {
      if (saver === null || saving.value !== null) return;
      saving.value = format;
      saveFault.value = null;
      try {
        await saver(question, format);
      } catch (cause) {
        saveFault.value = cause instanceof Error ? cause.message : String(cause);
      } finally {
        saving.value = null;
      }
    },
    saveWith: (next: SaveTracks): void => void (saver = next),
    connect: (next: TrackPort | null): void => void (port = next),
  };
});
