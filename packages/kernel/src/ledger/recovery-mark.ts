import type { DatabaseSync } from 'node:sqlite';

/** Marks a fresh database whose predecessor was damaged: its holds are still to be recovered. */
export const recoveryBegins = "INSERT OR REPLACE INTO meta (key, value) VALUES ('recover', '1');";

export function isRecovering(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM meta WHERE key = 'recover'").get() !== undefined;
}

export function endRecovery(db: DatabaseSync): void {
  db.exec("DELETE FROM meta WHERE key = 'recover'");
}
