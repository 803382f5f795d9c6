/**
 * Files that one page of this browser leaves for another, of any size: sessionStorage takes a few megabytes and no more.
 *
 * @typedef {import("../types.js").BatchFile} BatchFile
 */
import { storage } from "./preferences.js";

const DATABASE = "atomlens";
const TABLE = "files";
/** Of this tab: under what its files lie. */
const KEY = "atomlens.files";
/** What nobody came for is deleted the next time, ms. */
const KEPT_MS = 24 * 3600 * 1000;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @template T @param {(table: IDBObjectStore) => Promise<T>} use @returns {Promise<T>} */
async function inTable(use) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await answer(opening);
  try {
    const transaction = database.transaction(TABLE, "readwrite");
    const written = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const [found] = await Promise.all([use(transaction.objectStore(TABLE)), written]);
    return found;
  } finally {
    database.close();
  }
}

/**
 * @param {BatchFile[]} files for the page that this tab opens next
 * @returns {Promise<boolean>} false: this browser keeps nothing, as some private windows
 */
export async function leaveFiles(files) {
  const tab = storage("sessionStorage");
  if (!tab) return false;
  const key = Date.now() + Math.random();
  try {
    await inTable(async (table) => {
      table.delete(IDBKeyRange.upperBound(Date.now() - KEPT_MS));
      await answer(table.put(files, key));
    });
    tab.setItem(KEY, String(key));
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** @returns {Promise<BatchFile[]>} what another page of this tab has left; once */
export async function takeFiles() {
  const key = Number(storage("sessionStorage")?.getItem(KEY) ?? NaN);
  if (Number.isNaN(key)) return [];
  storage("sessionStorage")?.removeItem(KEY);
  return inTable(async (table) => {
    const files = await answer(table.get(key));
    table.delete(key);
    return files ?? [];
  });
}
