import { copyRow, createFixColumns, mergeColumns } from './fixColumns.ts';
import type { FixColumns } from './fixColumns.ts';
import type { MonthFile, Span } from './monthFile.ts';
import type { RecentHour } from './recentFixes.ts';
import { decodeBlock, encodeBlock } from './trackBlock.ts';

const PACK_BYTES = 65_536;
/** Longer hours (a fix a second) are cut, so that no block is dear to read. */
const BLOCK_FIXES = 4096;

/** Gathers blocks of one hour into packs. Call inside a transaction, `flush` at its end. */
function createPacker(file: MonthFile, hour: number) {
  let blocks: Uint8Array[] = [];
  let spans: Omit<Span, 'pack'>[] = [];
  let usedBytes = 0;
  const flush = (): void => {
    if (blocks.length === 0) return;
    const pack = file.addPack(Buffer.concat(blocks));
    for (const span of spans) file.addSpan({ ...span, pack });
    blocks = [];
    spans = [];
    usedBytes = 0;
  };
  const addBlock = (unit: number, fixes: FixColumns): void => {
    const bytes = encodeBlock(fixes);
    if (usedBytes + bytes.length > PACK_BYTES) flush();
    spans.push({ hour, unit, offset: usedBytes, length: bytes.length, count: fixes.count, ...boundsOf(fixes) });
    blocks.push(bytes);
    usedBytes += bytes.length;
  };
  return {
    /** @param fixes In order of observation. */
    add(unit: number, fixes: FixColumns): void {
      if (fixes.count <= BLOCK_FIXES) return addBlock(unit, fixes);
      for (let from = 0; from < fixes.count; from += BLOCK_FIXES) {
        const part = createFixColumns(BLOCK_FIXES);
        for (let row = from; row < Math.min(fixes.count, from + BLOCK_FIXES); row++) copyRow(part, fixes, row);
        addBlock(unit, part);
      }
    },
    flush,
  };
}

function boundsOf({ count, lonE7, latE7, heardAtMs }: FixColumns) {
  let [westE7, eastE7, southE7, northE7] = [lonE7[0]!, lonE7[0]!, latE7[0]!, latE7[0]!];
  let [heardFromMs, heardToMs] = [heardAtMs[0]!, heardAtMs[0]!];
  for (let i = 1; i < count; i++) {
    westE7 = Math.min(westE7, lonE7[i]!);
    eastE7 = Math.max(eastE7, lonE7[i]!);
    southE7 = Math.min(southE7, latE7[i]!);
    northE7 = Math.max(northE7, latE7[i]!);
    heardFromMs = Math.min(heardFromMs, heardAtMs[i]!);
    heardToMs = Math.max(heardToMs, heardAtMs[i]!);
  }
  return { westE7, southE7, eastE7, northE7, heardFromMs, heardToMs };
}

/** Packs what is known of one hour beside what is packed of it already. Call inside a transaction. */
export function packHour(file: MonthFile, hour: number, units: RecentHour): void {
  const packer = createPacker(file, hour);
  for (const id of units.unitIds()) packer.add(file.takeNumber(id), mergeColumns([units.of(id)!]));
  packer.flush();
}

/** Reads the bytes of blocks; keeps the last packs, because neighbours lie together. */
export function createPackReader(file: MonthFile) {
  const kept = new Map<number, Uint8Array>();
  return {
    /** @throws RangeError when the block is damaged, and what SQLite throws when the file is. */
    read(span: Span): FixColumns {
      let bytes = kept.get(span.pack);
      if (!bytes) {
        bytes = file.pack(span.pack);
        if (!bytes) throw new RangeError('a pack is missing');
        if (kept.size >= 64) kept.delete(kept.keys().next().value!);
        kept.set(span.pack, bytes);
      }
      const fixes = decodeBlock(bytes.subarray(span.offset, span.offset + span.length));
      if (fixes.count !== span.count) throw new RangeError('a block and its index differ');
      return fixes;
    },
  };
}

/**
 * Joins the blocks of the next units of an hour where one has several: an hour that was packed in haste, late fixes.
 * A damaged block stays as it is, and with it the unit's others.
 * @returns the last unit that was looked at; null when none is left.
 */
export function joinBlocks(file: MonthFile, hour: number, afterUnit: number, mostUnits: number): number | null {
  const units = file.unitsAfter(hour, afterUnit, mostUnits);
  if (units.length === 0) return null;
  file.transact(() => {
    const packer = createPacker(file, hour);
    const reader = createPackReader(file);
    const emptied = new Set<number>();
    for (const unit of units) {
      const spans = file.spans(hour, unit);
      if (spans.length <= 1) continue;
      let blocks: FixColumns[];
      try {
        blocks = spans.map(reader.read);
      } catch (error) {
        if (error instanceof RangeError) continue;
        throw error;
      }
      for (const { pack } of spans) emptied.add(pack);
      file.removeSpans(hour, unit);
      packer.add(unit, mergeColumns(blocks));
    }
    packer.flush();
    for (const pack of emptied) file.removePack(pack, hour);
  });
  return units.at(-1)!;
}
